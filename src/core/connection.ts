// How the box gets to the wanted server, and away from it. `wanted` survives every failure; only a person changes it.

import type { Effect } from "./effect.js";
import type { EndReason, Event } from "./event.js";
import { disclose, forgetRefusal, forgetServer } from "./privacy.js";
import { retryDelayMs } from "./retry.js";
import type { Failure } from "./session-end.js";
import { type Connection, chosenServer, type Link, type Server, type State } from "./state.js";
import { never, type Step, step } from "./step.js";

/** A session that has not ended this long after it was asked to is taken for ended. */
const leaveMs = 500;

/** How long a box that is switched off stays to say so. */
const lastWordsMs = 4000;

/** CONNECT: join if nobody is wanted, otherwise leave or give up. */
export function joinOrLeave(state: State, atMs: number): Step {
  return state.wanted ? disconnect(state) : connect(state, chosenServer(state), atMs);
}

/** Goes for this server from wherever the box is, and chooses it where the list has it; null: there is none to go for. */
export function connect(state: State, server: Server | null, atMs: number): Step {
  if (!server) return step(state);
  const listed = state.servers.findIndex((one) => isSame(one, server));
  const wanted: State = { ...state, wanted: server, chosen: listed < 0 ? state.chosen : listed };
  const { connection } = state;
  switch (connection.kind) {
    case "idle":
      return attempt(wanted, server, 1, atMs);
    case "waiting":
      return tryNow(wanted, server, 1, atMs);
    case "connecting":
    case "connected":
      return isSame(connection.server, server) ? step(state) : leave(wanted, connection.server);
    case "leaving":
      return step({ ...wanted, privacy: forgetRefusal(wanted.privacy) });
    default:
      return never(connection);
  }
}

/** Nobody is wanted any more. */
export function disconnect(state: State): Step {
  return breakOff({ ...state, wanted: null });
}

/** The box ends: says goodbye, then is gone. What is wanted is so at the next start, too. */
export function stop(state: State, stopping: "stop" | "power-off"): Step {
  const { state: next, effects } = breakOff({ ...state, stopping });
  const off: Effect = { kind: "timer.clear", timer: "card-retry" };
  if (next.connection.kind !== "idle") return step(next, off, ...effects);
  const last = end(next);
  return step(last.state, off, ...effects, ...last.effects);
}

/** Nobody must be told goodbye any more. A box that is switched off first has its say. */
function end(state: State): Step {
  if (state.stopping === "power-off") {
    return step(state, { kind: "timer.set", timer: "power-off", inMs: lastWordsMs });
  }
  return step(state, { kind: "box.stop", powerOff: false });
}

/** A box that is switched off has said so. */
export function lastWordsSaid(state: State): Step {
  return state.stopping === "power-off" ? step(state, { kind: "box.stop", powerOff: true }) : step(state);
}

const noMoreWaiting: readonly Effect[] = [
  { kind: "timer.clear", timer: "retry" },
  { kind: "session.probe", server: null },
];

/** Ends what is under way. What is wanted stays wanted: a box that stops comes back to it. */
export function breakOff(state: State): Step {
  const { connection } = state;
  switch (connection.kind) {
    case "idle":
    case "leaving":
      return step(state);
    case "waiting":
      return step({ ...state, connection: { kind: "idle" } }, ...noMoreWaiting);
    case "connecting":
    case "connected":
      return leave(state, connection.server);
    default:
      return never(connection);
  }
}

/** The server gave us a number: we are in. A second time in one session, the server has lost its memory. */
export function sessionConnected(state: State, clientId: number): Step {
  const { connection } = state;
  if (connection.kind === "connecting") {
    const { server, askedAtMs, enquiry } = connection;
    // What the enquiry told stays known, save what the server will now say for itself.
    const privacy = { ...state.privacy, recording: "unknown" } as const;
    return step(
      { ...state, privacy, connection: { ...newcomer(server, askedAtMs, clientId), enquiry } },
      { kind: "log", level: "info", text: "joined" },
    );
  }
  if (connection.kind === "connected") {
    const { server, askedAtMs, joinMs, heard, licenceAsked } = connection;
    const known = { joinMs, heard, licenceAsked };
    // A question that waits for its answer goes on waiting.
    const { consent } = state.privacy;
    const privacy = { ...forgetServer(state.privacy), consent };
    return step(
      { ...state, privacy, connection: { ...newcomer(server, askedAtMs, clientId), ...known } },
      { kind: "log", level: "info", text: "joined again: the server has lost its memory of us" },
    );
  }
  return step(state);
}

type Connected = Extract<Connection, { kind: "connected" }>;

function newcomer(server: Server, askedAtMs: number, clientId: number): Connected {
  return {
    kind: "connected",
    server,
    askedAtMs,
    enquiry: null,
    clientId,
    clients: [],
    mutedBy: [],
    pingMs: null,
    delayMs: null,
    joinMs: null,
    heard: false,
    serverVersion: null,
    welcome: null,
    licenceAsked: false,
  };
}

/** Changes what is known of the session; news of a session that we are not in is none. */
export function learn(state: State, news: (connected: Connected) => Partial<Omit<Connected, "kind">>): Step {
  const { connection } = state;
  if (connection.kind !== "connected") return step(state);
  return step({ ...state, connection: { ...connection, ...news(connection) } });
}

export function sessionEnded(state: State, reason: EndReason, atMs: number): Step {
  const { connection } = state;
  switch (connection.kind) {
    case "idle":
    case "waiting":
      return step(state);
    case "leaving": {
      const { state: next, effects } = afterLeaving(state, atMs);
      return step(next, { kind: "timer.clear", timer: "leave" }, ...effects);
    }
    case "connecting":
    case "connected": {
      // A goodbye that nobody here asked for belongs to the session before.
      if (reason.kind === "left") return step(state);
      return wait(state, connection, reason, atMs);
    }
    default:
      return never(connection);
  }
}

/** The retry timer fired. */
export function retry(state: State, atMs: number): Step {
  const { connection } = state;
  if (connection.kind !== "waiting") return step(state);
  return attempt(state, connection.server, connection.attempt + 1, atMs);
}

/** Whether sound comes from the server. While none does, it may have moved: its name may lead elsewhere by now. */
export function heard(state: State, isHeard: boolean): Step {
  const { connection } = state;
  if (connection.kind !== "connected" || connection.heard === isHeard) return step(state);
  return step(
    { ...state, connection: { ...connection, heard: isHeard } },
    { kind: "session.probe", server: isHeard ? null : connection.server },
  );
}

/** Whether the server answers. One that was away and is back is joined at once, as is one that answers elsewhere. */
export function probed(state: State, answered: boolean, elsewhere: boolean, atMs: number): Step {
  const { connection } = state;
  if (connection.kind === "connected" && !connection.heard && answered && elsewhere) {
    return attempt(withoutSession(state), connection.server, 1, atMs);
  }
  if (connection.kind !== "waiting" || connection.answers === answered) return step(state);
  if (answered) return tryNow(state, connection.server, connection.attempt + 1, atMs);
  return step({ ...state, connection: { ...connection, answers: false } });
}

/** With another address or another cable, what failed before may go well: the box begins anew. */
export function linkChanged(state: State, link: Link, atMs: number): Step {
  const next: State = { ...state, link };
  const { connection } = next;
  if (connection.kind !== "waiting" || link === "down") return step(next);
  return tryNow(next, connection.server, 1, atMs);
}

function tryNow(state: State, server: Server, number: number, atMs: number): Step {
  const { state: next, effects } = attempt(state, server, number, atMs);
  return step(next, { kind: "timer.clear", timer: "retry" }, ...effects);
}

/** The session did not say that it ended. */
export function leaveOverdue(state: State, atMs: number): Step {
  return state.connection.kind === "leaving" ? afterLeaving(state, atMs) : step(state);
}

function attempt(state: State, server: Server, number: number, atMs: number): Step {
  return step(
    {
      ...state,
      privacy: { ...forgetServer(state.privacy), encrypted: "no" },
      connection: { kind: "connecting", server, attempt: number, askedAtMs: atMs, enquiry: null },
    },
    { kind: "session.start", server },
  );
}

/** The log hears of the first failure only: a server may be away for months. */
function wait(
  state: State,
  ended: Extract<Connection, { kind: "connecting" | "connected" }>,
  reason: Failure,
  atMs: number,
): Step {
  const { server } = ended;
  const failed = ended.kind === "connecting" ? ended.attempt : 1;
  const log: Effect = {
    kind: "log",
    level: "warn",
    text: `no session: ${reason.kind}; trying until it is back`,
  };
  return step(
    {
      ...withoutSession(state),
      connection: { kind: "waiting", server, attempt: failed, reason, answers: answered(ended, reason) },
    },
    { kind: "timer.set", timer: "retry", inMs: retryDelayMs(failed, reason, atMs) },
    // A full server is knocked at so often that it need not be asked besides.
    { kind: "session.probe", server: reason.kind === "full" ? null : server },
    ...(failed === 1 ? [log] : []),
  );
}

/** Whether the server was there until now, so that its next answer is no news. */
function answered(ended: Connection, { kind }: Failure): boolean {
  if (kind === "full" || kind === "closed-by-server") return true;
  return ended.kind === "connecting" && ended.enquiry?.pingMs != null;
}

function leave(state: State, server: Server): Step {
  return step(
    { ...withoutServer(state), connection: { kind: "leaving", server } },
    { kind: "session.leave" },
    { kind: "timer.set", timer: "leave", inMs: leaveMs },
  );
}

function afterLeaving(state: State, atMs: number): Step {
  const alone: State = { ...withoutSession(state), connection: { kind: "idle" } };
  if (alone.stopping !== "no") return end(alone);
  return alone.wanted ? attempt(alone, alone.wanted, 1, atMs) : step(alone);
}

/** What ends when a session is to end: the server's answers and chat. A refusal stays, to be read. */
function withoutServer(state: State): State {
  const refused = state.privacy.consent === "refused";
  const privacy = { ...forgetServer(state.privacy), encrypted: "no" } as const;
  return { ...state, privacy: refused ? { ...privacy, consent: "refused" } : privacy, chat: null };
}

/** What ends with the session itself: the silence that its questions asked for, up to the last packet. */
function withoutSession(state: State): State {
  const muted = { ...state.muted, consent: false, licence: false };
  return { ...withoutServer(state), muted };
}

/** Whether the way there is encrypted; of a server that we have nothing to do with it means nothing. */
export function pathTold(state: State, isEncrypted: boolean): Step {
  const { kind } = state.connection;
  const encrypted = isEncrypted ? "yes" : "no";
  if ((kind !== "connecting" && kind !== "connected") || state.privacy.encrypted === encrypted)
    return step(state);
  return step({ ...state, privacy: { ...state.privacy, encrypted } });
}

/** Enters what the session sent to whom. */
export function sessionDisclosed(state: State, event: Extract<Event, { kind: "session.disclosed" }>): Step {
  return step({ ...state, privacy: disclose(state.privacy, event.disclosure) });
}

function isSame(one: Server, other: Server): boolean {
  return one.name === other.name && one.address === other.address;
}
