// One conversation with one server, as a pure machine: state and input give the next state and what is to be done.

import type { EndReason } from "../core/event.js";
import { transportFor } from "../protocol/index.js";
import type {
  Input,
  JitterDepth,
  Output,
  Profile,
  State,
  Step,
  Talk,
  WantedTransport,
} from "./machine-types.js";
import { onMessage } from "./on-message.js";
import { pingEveryMs, sendPing } from "./pings.js";
import { printable } from "./plain-text.js";
import { reviewDepth, startDepth } from "./server-depth.js";
import { introduce, queue } from "./talk.js";
import { answerMs, freedMs, hushMs, lingerMs, repeatMs, silenceMs, silentAfterMs } from "./timing.js";

/** The engine joins first: audio opens the conversation, and no message is queued before the server spoke (spec 4.3). */
export function start(
  profile: Profile,
  wanted: WantedTransport,
  jitter: JitterDepth,
  atMs: number,
): Step<Talk> {
  const quality = wanted.quality === "raw" ? "high" : wanted.quality;
  const choice = { ...wanted, quality, sequenced: false };
  return {
    state: {
      phase: "joining",
      profile,
      wanted,
      jitter,
      startedAtMs: atMs,
      choice,
      rawAllowed: false,
      serverVersion: null,
      clientId: null,
      heard: false,
      playing: false,
      recording: "unknown",
      renewed: false,
      introduced: false,
      clients: [],
      levels: [],
      mutedBy: [],
      serverBlocks: jitter === "auto" ? 6 : jitter,
      depth: startDepth(atMs),
      pings: [],
      nextPingAtMs: atMs,
      giveUpAtMs: atMs + answerMs,
    },
    outputs: [
      { kind: "engine.join", format: transportFor(choice) },
      { kind: "farewell", due: true },
      { kind: "disclosed", what: "address" },
      { kind: "disclosed", what: "audio" },
    ],
  };
}

/** `atMs` is when the input came about; of two inputs the later one is never much earlier. */
export function step(state: State, input: Input, atMs: number): Step {
  switch (state.phase) {
    case "joining":
    case "connected":
      return talk(state, input, atMs);
    case "renewing":
      if (input.kind === "leave") return stop({ kind: "left" }, atMs);
      if (input.kind !== "tick" || atMs < state.nextAtMs) return { state, outputs: [] };
      return state.said ? joinAgain(state.talk, atMs) : leaveOldPlace(state.talk, atMs);
    case "stopping":
      if (input.kind !== "tick" || atMs < state.goodbyeAtMs) return { state, outputs: [] };
      return {
        state: { phase: "lingering", saidAtMs: atMs, overAtMs: atMs + lingerMs },
        outputs: [
          goodbye,
          { kind: "farewell", due: false },
          { kind: "event", event: { kind: "session.ended", reason: state.reason } },
        ],
      };
    case "lingering":
      if (input.kind === "tick" && atMs >= state.overAtMs)
        return { state: { phase: "over" }, outputs: [{ kind: "engine.dismiss" }] };
      if (input.kind !== "stray" && input.kind !== "peer.heard") return { state, outputs: [] };
      if (atMs < state.saidAtMs + repeatMs) return { state, outputs: [] };
      return { state: { ...state, saidAtMs: atMs }, outputs: [goodbye] };
    case "over":
      return { state, outputs: [] };
  }
}

/** When the machine wants its next tick; null: it waits for nothing. */
export function wakeAtMs(state: State): number | null {
  switch (state.phase) {
    case "joining":
      return state.giveUpAtMs;
    case "renewing":
      return state.nextAtMs;
    case "connected":
      return Math.min(state.nextPingAtMs, state.giveUpAtMs ?? state.nextPingAtMs);
    case "stopping":
      return state.goodbyeAtMs;
    case "lingering":
      return state.overAtMs;
    case "over":
      return null;
  }
}

const goodbye: Output = { kind: "send", message: { kind: "CLM_DISCONNECTION" } };

function talk(state: Talk, input: Input, atMs: number): Step {
  switch (input.kind) {
    case "message":
      if (input.message.kind === "CLM_DISCONNECTION") return stop({ kind: "closed-by-server" }, atMs);
      if (input.message.kind === "CLM_SERVER_FULL") return stop({ kind: "full" }, atMs);
      return onMessage(state, input.message, atMs);
    case "peer.heard":
      return hear(state, atMs);
    case "peer.silent":
      return silence(state, atMs);
    case "audio.started":
      if (state.phase === "joining") return { state: { ...state, playing: true }, outputs: [] };
      return { state, outputs: [{ kind: "event", event: { kind: "session.playing" } }] };
    case "tick":
      return tick(state, atMs);
    case "say":
      return say(state, input.text);
    case "leave":
      return stop({ kind: "left" }, atMs);
    case "stray":
      return { state, outputs: [] };
  }
}

function leaveOldPlace(talk: Talk, atMs: number): Step {
  return {
    state: { phase: "renewing", talk, said: true, nextAtMs: atMs + freedMs },
    outputs: [goodbye],
  };
}

function joinAgain({ profile, wanted, jitter }: Talk, atMs: number): Step {
  const { state, outputs } = start(profile, wanted, jitter, atMs);
  return { state: { ...state, renewed: true }, outputs: [{ kind: "anew" }, ...outputs] };
}

/**
 * The first audio: we introduce ourselves, asked or not. If it comes without a CLIENT_ID, the server has us on its list from a
 * moment ago and says nothing on its own (spec 4.8); then the client list will tell that we are there.
 */
function hear(state: Talk, atMs: number): Step {
  const giveUpAtMs = state.phase === "connected" ? null : atMs + answerMs;
  const hearing: Talk = { ...state, heard: true, giveUpAtMs };
  const outputs = heardNews(state, true);
  if (state.introduced) return { state: hearing, outputs };
  const introduced = introduce(hearing);
  return { state: introduced.state, outputs: [...introduced.outputs, ...outputs] };
}

function silence(state: Talk, atMs: number): Step {
  const lostAtMs = atMs - silentAfterMs;
  const giveUpAtMs = state.phase === "connected" ? lostAtMs + silenceMs : state.giveUpAtMs;
  return { state: { ...state, heard: false, giveUpAtMs }, outputs: heardNews(state, false) };
}

/** Nobody is told of sound before the connection: it is told together with it. */
function heardNews(state: Talk, heard: boolean): Output[] {
  if (state.phase !== "connected" || state.heard === heard) return [];
  return [{ kind: "event", event: { kind: "session.heard", heard } }];
}

function tick(state: Talk, atMs: number): Step {
  if (state.giveUpAtMs !== null && atMs >= state.giveUpAtMs)
    return stop({ kind: state.phase === "connected" ? "silent" : "no-answer" }, atMs);
  if (state.phase !== "connected" || atMs < state.nextPingAtMs) return { state, outputs: [] };
  const { pings, time } = sendPing(state.pings, atMs - state.startedAtMs, atMs);
  const reviewed = reviewDepth({ ...state, pings, nextPingAtMs: atMs + pingEveryMs }, atMs);
  return {
    state: reviewed.state,
    outputs: [{ kind: "send", message: { kind: "CLM_PING_MS", time } }, ...reviewed.outputs],
  };
}

/** Longer texts are cut to what a musician may write. */
function say(state: Talk, text: string): Step {
  const line = printable(text);
  if (state.phase !== "connected" || line === "") return { state, outputs: [] };
  return {
    state,
    outputs: [queue({ kind: "CHAT_TEXT", text: line }), { kind: "disclosed", what: "chat" }],
  };
}

function stop(reason: EndReason, atMs: number): Step {
  return {
    state: { phase: "stopping", reason, goodbyeAtMs: atMs + hushMs },
    outputs: [{ kind: "engine.leave" }],
  };
}
