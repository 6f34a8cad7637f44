// The recorder's policy: whoever is recorded knows it before her first frame is written.

import { messageId } from "../protocol/index.js";
import { isProven, provenClients } from "./clients.js";
import type {
  Client,
  Output,
  RecorderState,
  Recording,
  RecordingWish,
  State,
  Step,
} from "./machine-types.js";
import { withClient } from "./machine-types.js";

/** So long the recorder waits for a client to acknowledge that it is recorded. */
const patienceMs = 2000;

export function recorderState(recording: Recording): RecorderState {
  switch (recording.kind) {
    case "unavailable":
      return 1;
    case "off":
      return 2;
    case "announcing":
    case "on":
      return 3;
  }
}

export function wish(state: State, wanted: RecordingWish, atMs: number): Step {
  const running = state.recording.kind === "announcing" || state.recording.kind === "on";
  switch (wanted) {
    case "toggle":
      return wish(state, running ? "stop" : "start", atMs);
    case "start":
      return state.recording.kind === "off" ? announce(state, atMs) : { state, outputs: [] };
    case "stop":
      return running ? halt(state, null) : { state, outputs: [] };
    case "new":
      return { state, outputs: state.recording.kind === "on" ? [{ kind: "recorder.new" }] : [] };
  }
}

/** It ended by itself, with a full disk or the like. */
export function fail(state: State, reason: string): Step {
  if (state.recording.kind === "unavailable" || state.recording.kind === "off") return { state, outputs: [] };
  return halt(state, reason);
}

/** The client has acknowledged one of the states it was told. Only the last one counts: it may have changed since. */
export function acknowledged(client: Client): Client {
  const [state, ...told] = client.told;
  return { ...client, told, knowsOfRecording: state === 3 && told.length === 0 };
}

/** A newcomer was told in its connect sequence, but it has read that only now that it is proven. */
export function proven(client: Client, recording: Recording, atMs: number): Client {
  return recorderState(recording) === 3 ? { ...client, knowsAtMs: atMs + patienceMs } : client;
}

/** Is `id` the message that tells about recording? */
export function isRecorderState(id: number): boolean {
  return id === messageId("RECORDER_STATE");
}

/** Begins to write what may be written now. To be called after whatever happened. */
export function settleRecording(state: State, atMs: number): Step {
  const outputs: Output[] = [];
  let next = state;
  if (next.recording.kind === "announcing") {
    const waitedFor = provenClients(next).filter(({ knowsOfRecording }) => !knowsOfRecording);
    if (waitedFor.length > 0 && atMs < next.recording.untilMs) return { state, outputs };
    next = { ...next, recording: { kind: "on" } };
    outputs.push({ kind: "recorder.start" });
  }
  if (next.recording.kind !== "on") return { state: next, outputs };
  for (const client of next.clients.values()) {
    if (client.recorded || !mayBeRecorded(client, atMs)) continue;
    next = withClient(next, { ...client, recorded: true });
    outputs.push({ kind: "recorder.include", slot: client.slot, name: client.profile?.name ?? "" });
  }
  return { state: next, outputs };
}

/** When to settle again, should nothing happen; null: there is nothing to wait for. */
export function settleAtMs({ recording, clients }: State): number | null {
  if (recording.kind === "announcing") return recording.untilMs;
  if (recording.kind !== "on") return null;
  let earliest: number | null = null;
  for (const { recorded, inMix, knowsAtMs } of clients.values()) {
    if (recorded || !inMix || knowsAtMs === null) continue;
    earliest = Math.min(earliest ?? knowsAtMs, knowsAtMs);
  }
  return earliest;
}

/** Its profile is there when it is in the mix, so that its file gets its name. */
function mayBeRecorded({ inMix, knowsOfRecording, knowsAtMs }: Client, atMs: number): boolean {
  return inMix && (knowsOfRecording || (knowsAtMs !== null && atMs >= knowsAtMs));
}

function announce(state: State, atMs: number): Step {
  const untilMs = atMs + patienceMs;
  const announced = tell(
    { ...state, recording: { kind: "announcing", untilMs }, recorderTrouble: null },
    3,
    (client) => ({ ...client, knowsAtMs: isProven(client) ? untilMs : null }),
  );
  const settled = settleRecording(announced.state, atMs);
  return { state: settled.state, outputs: [...announced.outputs, ...settled.outputs] };
}

function halt(state: State, trouble: string | null): Step {
  const stopped: Output[] = state.recording.kind === "on" ? [{ kind: "recorder.stop" }] : [];
  const told = tell({ ...state, recording: { kind: "off" }, recorderTrouble: trouble }, 2, (client) => ({
    ...client,
    knowsAtMs: null,
    recorded: false,
  }));
  return { state: told.state, outputs: [...stopped, ...told.outputs] };
}

/** Everybody, newcomers too: what their connect sequence says is no longer true. */
function tell(state: State, what: 2 | 3, change: (client: Client) => Client): Step {
  const clients = new Map<number, Client>();
  const outputs: Output[] = [];
  for (const client of state.clients.values()) {
    clients.set(client.slot, { ...change(client), knowsOfRecording: false, told: [...client.told, what] });
    outputs.push({ kind: "queue", slot: client.slot, message: { kind: "RECORDER_STATE", state: what } });
  }
  return { state: { ...state, clients }, outputs };
}
