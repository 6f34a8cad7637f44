// The hub as a pure machine: who is here and what they are told. State and input give the next state and what is to be done.

import { isProven, listForAll } from "./clients.js";
import { join } from "./connect.js";
import type { Client, Gone, HouseRules, Input, Output, State, Step } from "./machine-types.js";
import { withClient } from "./machine-types.js";
import { admit, onMessage, onSaid } from "./on-message.js";
import {
  acknowledged,
  fail,
  isRecorderState,
  proven,
  settleAtMs,
  settleRecording,
  wish,
} from "./recording.js";

/** A newcomer has so long to prove that it reads what we send. */
const proofMs = 2000;

/** Acknowledges of the same message may come twice; more than this are guesses. */
const maxWrongProofs = 8;

export function emptyHub(rules: HouseRules, mayRecord: boolean): State {
  return {
    rules,
    clients: new Map(),
    recording: { kind: mayRecord ? "off" : "unavailable" },
    writing: false,
    recorderTrouble: null,
  };
}

/** `atMs` is when the input came about. Of a client that is not here nothing is heard. */
export function step(state: State, input: Input, atMs: number): Step {
  const decided = decide(state, input, atMs);
  const settled = settleRecording(decided.state, atMs);
  return { state: settled.state, outputs: [...decided.outputs, ...settled.outputs] };
}

/** When the machine wants its next tick; null: it waits for nothing. */
export function wakeAtMs(state: State): number | null {
  let earliest = settleAtMs(state) ?? Number.POSITIVE_INFINITY;
  for (const client of state.clients.values())
    if (!isProven(client)) earliest = Math.min(earliest, client.sinceMs + proofMs);
  return Number.isFinite(earliest) ? earliest : null;
}

function decide(state: State, input: Input, atMs: number): Step {
  switch (input.kind) {
    case "join":
      return onJoin(state, atMs);
    case "record":
      return wish(state, input.wish, atMs);
    case "recorder.writing":
      return { state: { ...state, writing: input.writing }, outputs: [] };
    case "recorder.failed":
      return fail({ ...state, writing: false }, input.reason);
    case "tick":
      return onTick(state, atMs);
    default: {
      const client = state.clients.get(input.slot);
      return client === undefined ? { state, outputs: [] } : onClient(state, client, input, atMs);
    }
  }
}

function onClient(
  state: State,
  client: Client,
  input: Extract<Input, { readonly slot: number }>,
  atMs: number,
): Step {
  switch (input.kind) {
    case "acknowledged":
      return onAcknowledged(state, client, input.id, atMs);
    case "wrong-acknowledge":
      return onWrongAcknowledge(state, client);
    case "message":
      return onMessage(state, client, input.message);
    case "said":
      return onSaid(state, client, input.text, input.timeOfDay);
    case "jitter":
      return onJitter(state, client, input.blocks);
    case "gone":
      return remove(state, client, input.why);
  }
}

function onJoin(state: State, atMs: number): Step {
  const joined = join(state, atMs);
  if (joined === null) return { state, outputs: [{ kind: "full" }] };
  const clients = new Map<number, Client>();
  for (const [slot, client] of state.clients) clients.set(slot, forgetting(client, joined.client.slot));
  clients.set(joined.client.slot, joined.client);
  return { state: { ...state, clients }, outputs: joined.outputs };
}

/** Whoever comes next in this slot is heard at full gain. */
function forgetting(client: Client, slot: number): Client {
  if (!client.gains.has(slot)) return client;
  const gains = new Map(client.gains);
  gains.delete(slot);
  return { ...client, gains };
}

function onAcknowledged(state: State, before: Client, id: number, atMs: number): Step {
  const heard = isRecorderState(id) ? acknowledged(before) : before;
  if (isProven(heard)) return { state: withClient(state, heard), outputs: [] };
  const client = { ...heard, proofsMissing: heard.proofsMissing - 1 };
  if (!isProven(client)) return { state: withClient(state, client), outputs: [] };
  // Who has told its name already is listed, and heard, from now on.
  const known = withClient(state, proven(client, state.recording, atMs));
  if (client.profile === null) return { state: known, outputs: [] };
  const admitted = admit(known, client.slot);
  return { state: admitted.state, outputs: [...admitted.outputs, ...listForAll(admitted.state)] };
}

function onWrongAcknowledge(state: State, client: Client): Step {
  if (isProven(client)) return { state, outputs: [] };
  const wrongProofs = client.wrongProofs + 1;
  if (wrongProofs > maxWrongProofs) return remove(state, client, "unproven");
  return { state: withClient(state, { ...client, wrongProofs }), outputs: [] };
}

function onJitter(state: State, client: Client, blocks: number): Step {
  if (blocks === client.jitterBlocks) return { state, outputs: [] };
  const told: Output[] =
    client.autoJitter && isProven(client)
      ? [{ kind: "queue", slot: client.slot, message: { kind: "JITT_BUF_SIZE", blocks } }]
      : [];
  return { state: withClient(state, { ...client, jitterBlocks: blocks }), outputs: told };
}

function remove(state: State, client: Client, why: Gone): Step {
  const clients = new Map(state.clients);
  clients.delete(client.slot);
  const left = { ...state, clients };
  const outputs: Output[] = [];
  if (client.recorded) outputs.push({ kind: "recorder.exclude", slot: client.slot });
  // What is played after everybody has gone home is another evening.
  if (state.recording.kind === "on" && clients.size === 0) outputs.push({ kind: "recorder.new" });
  outputs.push({ kind: "mixer.remove", slot: client.slot, why });
  return { state: left, outputs: isProven(client) ? [...outputs, ...listForAll(left)] : outputs };
}

function onTick(state: State, atMs: number): Step {
  const late = [...state.clients.values()].filter(
    (client) => !isProven(client) && atMs >= client.sinceMs + proofMs,
  );
  return late.reduce<Step>(
    (done, client) => {
      const removed = remove(done.state, client, "unproven");
      return { state: removed.state, outputs: [...done.outputs, ...removed.outputs] };
    },
    { state, outputs: [] },
  );
}
