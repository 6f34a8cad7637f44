// How a conversation begins: what a new client is told and asked, in an order that never changes (spec 4.3).

import type { QueuedMessage } from "../protocol/index.js";
import { announcedSystem } from "./announced-version.js";
import { welcomeChat } from "./chat.js";
import type { Client, HouseRules, Output, RecorderState, State } from "./machine-types.js";
import { recorderState } from "./recording.js";

/** Acknowledges of so many messages, each with a counter that nobody can guess, prove an address. */
const proofsWanted = 4;

/** Depth of a jitter buffer before the network is known (spec 5.1). */
const firstJitterBlocks = 6;

/** Takes the lowest free slot; null: none is free. */
export function join(
  state: State,
  atMs: number,
): { readonly client: Client; readonly outputs: Output[] } | null {
  const slot = lowestFree(state);
  if (slot === null) return null;
  const recorder = recorderState(state.recording);
  const outputs: Output[] = [
    { kind: "mixer.add", slot },
    ...connectSequence(slot, state.rules, recorder).map(
      (message): Output => ({ kind: "queue", slot, message }),
    ),
  ];
  return { client: newcomer(slot, recorder, atMs), outputs };
}

function connectSequence(slot: number, rules: HouseRules, recorder: RecorderState): QueuedMessage[] {
  const welcome = welcomeChat(rules.welcome);
  return [
    { kind: "CLIENT_ID", channel: slot },
    { kind: "RAWAUDIO_SUPPORTED" },
    // Empty, so that the client forgets the faders of another time.
    { kind: "CONN_CLIENTS_LIST", clients: [] },
    { kind: "REQ_SPLIT_MESS_SUPPORT" },
    { kind: "REQ_NETW_TRANSPORT_PROPS" },
    { kind: "REQ_JITT_BUF_SIZE" },
    { kind: "REQ_CHANNEL_INFOS" },
    ...(welcome === null ? [] : [{ kind: "CHAT_TEXT", text: welcome } as const]),
    ...(rules.licence ? [{ kind: "LICENCE_REQUIRED", licenceType: 1 } as const] : []),
    { kind: "VERSION_AND_OS", os: announcedSystem, version: rules.version },
    { kind: "RECORDER_STATE", state: recorder },
    { kind: "JITT_BUF_SIZE", blocks: firstJitterBlocks },
  ];
}

function newcomer(slot: number, recorder: RecorderState, atMs: number): Client {
  return {
    slot,
    sinceMs: atMs,
    proofsMissing: proofsWanted,
    wrongProofs: 0,
    profile: null,
    format: null,
    inMix: false,
    autoJitter: true,
    jitterBlocks: firstJitterBlocks,
    gains: new Map(),
    told: [recorder],
    knowsOfRecording: false,
    knowsAtMs: null,
    recorded: false,
  };
}

function lowestFree({ clients, rules }: State): number | null {
  for (let slot = 0; slot < rules.maxClients; slot += 1) if (!clients.has(slot)) return slot;
  return null;
}
