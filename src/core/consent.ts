// What the musician must agree to before any sound leaves the box: being recorded, and the server's licence.

import { disconnect, learn } from "./connection.js";
import type { Event } from "./event.js";
import { withMuted } from "./mute.js";
import type { Question, State, Tristate } from "./state.js";
import { never, type Step, step } from "./step.js";

/** Something goes to a server, or is about to: what it may do with that matters now. */
export function inSession({ connection }: State): boolean {
  return connection.kind === "connecting" || connection.kind === "connected";
}

/** The one question that the display shows and the MUTE button answers; null: none. */
export function openQuestion(state: State): Question | null {
  if (!inSession(state)) return null;
  if (state.muted.licence) return "licence";
  return state.privacy.consent === "muted-until-acknowledged" ? "recording" : null;
}

/** The audio thread is to mute itself at a recording that the musician has not agreed to. */
export function isGuarded({ engine, recordingPolicy, privacy }: State): boolean {
  return engine.kind !== "off" && recordingPolicy !== "notify" && privacy.acknowledgedAtMs === null;
}

/** The musician agrees to what was asked. A mute of their own stays. */
export function acknowledge(state: State, question: Question, atMs: number): Step {
  switch (question) {
    case "licence":
      return step(withMuted(state, { licence: false }));
    case "recording": {
      const privacy = { ...state.privacy, consent: "notify", acknowledgedAtMs: atMs } as const;
      return step(withMuted({ ...state, privacy }, { consent: false }));
    }
    default:
      return never(question);
  }
}

/** The server asks for consent to its licence; once a session is enough, however often it asks. */
export function licenceAsked(state: State): Step {
  const { connection } = state;
  if (connection.kind !== "connected" || connection.licenceAsked) return step(state);
  return learn(withMuted(state, { licence: true }), () => ({ licenceAsked: true }));
}

/** The server says, in the session, whether it records. */
export function recordingTold(state: State, recording: Tristate): Step {
  return state.connection.kind === "connected" ? applyPolicy(state, recording) : step(state);
}

/** The answer to the enquiry. It may come before we join, or late; what the session says itself counts more. */
export function enquired(state: State, event: Extract<Event, { kind: "session.enquired" }>): Step {
  const { connection } = state;
  if (connection.kind !== "connecting" && connection.kind !== "connected") return step(state);
  const { serverLogs, serverMayRecord, answers } = event;
  const next: State = {
    ...state,
    connection: { ...connection, enquiry: answers },
    privacy: { ...state.privacy, serverLogs, serverMayRecord },
  };
  return next.privacy.recording === "unknown" ? applyPolicy(next, event.recording) : step(next);
}

function applyPolicy(state: State, recording: Tristate): Step {
  // Who records may, whatever was said before.
  const serverMayRecord = recording === "yes" ? "yes" : state.privacy.serverMayRecord;
  const next: State = { ...state, privacy: { ...state.privacy, recording, serverMayRecord } };
  switch (recording) {
    case "unknown":
      return step(next);
    case "no":
      return step(release(next));
    case "yes":
      return recordingStarted(next);
    default:
      return never(recording);
  }
}

function recordingStarted(state: State): Step {
  switch (state.recordingPolicy) {
    case "notify":
      return step(state);
    case "mute-until-ack": {
      if (state.privacy.acknowledgedAtMs !== null) return step(state);
      const privacy = { ...state.privacy, consent: "muted-until-acknowledged" } as const;
      return step(withMuted({ ...state, privacy }, { consent: true }));
    }
    case "refuse": {
      const privacy = { ...state.privacy, consent: "refused" } as const;
      const { state: next, effects } = disconnect(withMuted({ ...state, privacy }, { consent: true }));
      return step(next, ...effects, { kind: "log", level: "warn", text: "left: the server records" });
    }
    default:
      return never(state.recordingPolicy);
  }
}

/** Recording is off: nothing to agree to, and the next recording asks anew. */
function release(state: State): State {
  const privacy = { ...state.privacy, consent: "notify", acknowledgedAtMs: null } as const;
  return withMuted({ ...state, privacy }, { consent: false });
}
