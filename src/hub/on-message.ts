// What each message of a client means for the hub.

import {
  announcedTransport,
  automaticJitterBuffer,
  type Message,
  type MessageOf,
  packetBytes,
} from "../protocol/index.js";
import { relayedChat } from "./chat.js";
import { clientEntries, isProven, listForAll, tellAll } from "./clients.js";
import type { Client, Output, Profile, State, Step } from "./machine-types.js";
import { withClient } from "./machine-types.js";

/** Blocks of raw audio, 128 frames in stereo, are the largest there are; four of them are the largest packet. */
const maxBlockBytes = 512;
/** The smallest has ten bytes on the wire, where its number may be one of them (spec 2.2, message 20). */
const minBlockBytes = 9;

/** Kinds that matter to nobody else; the only ones that are heard of somebody who may be a forgery. */
export const heardOfAnybody: ReadonlySet<Message["kind"]> = new Set<Message["kind"]>([
  "NETW_TRANSPORT_PROPS",
  "JITT_BUF_SIZE",
  "CHANNEL_INFOS",
  "SPLIT_MESS_SUPPORTED",
]);

export function onMessage(state: State, client: Client, message: Message): Step {
  if (!isProven(client) && !heardOfAnybody.has(message.kind)) return nothing(state);
  switch (message.kind) {
    case "NETW_TRANSPORT_PROPS":
      return onFormat(state, client, message);
    case "JITT_BUF_SIZE":
      return onJitterWish(state, client, message.blocks);
    case "CHANNEL_INFOS": {
      const { kind, ...profile } = message;
      return onProfile(state, client, profile);
    }
    case "SPLIT_MESS_SUPPORTED":
      return { state, outputs: [{ kind: "splitting", slot: client.slot }] };
    case "REQ_CONN_CLIENTS_LIST":
      return {
        state,
        outputs: [queue(client, { kind: "CONN_CLIENTS_LIST", clients: clientEntries(state) })],
      };
    case "CHANNEL_GAIN":
      return onGain(state, client, message.channel, Math.min(message.gain, 1));
    case "CHANNEL_PAN":
      return onPan(state, client, message.channel, Math.min(message.pan, 1));
    default:
      return nothing(state);
  }
}

/** A line of chat goes to everybody, its writer too. */
export function onSaid(state: State, client: Client, text: string, timeOfDay: string): Step {
  if (!state.rules.chat || !isProven(client)) return nothing(state);
  const line = relayedChat(client.slot, client.profile?.name ?? "", text, timeOfDay);
  return { state, outputs: tellAll(state, { kind: "CHAT_TEXT", text: line }) };
}

/** A client is heard, and sent its mix, once we know its name and its format and that it is there. */
export function admit(state: State, slot: number): Step {
  const client = state.clients.get(slot);
  if (!client || client.inMix || !isProven(client)) return nothing(state);
  if (client.profile === null || client.format === null) return nothing(state);
  return {
    state: withClient(state, { ...client, inMix: true }),
    outputs: [{ kind: "mixer.admit", slot }],
  };
}

function onFormat(state: State, client: Client, props: MessageOf<"NETW_TRANSPORT_PROPS">): Step {
  const format = announcedTransport(props);
  if (format === undefined) return { state, outputs: [queue(client, { kind: "OPUS_SUPPORTED" })] };
  const { blockBytes } = format;
  if (blockBytes < minBlockBytes || blockBytes > maxBlockBytes || packetBytes(format) > 4 * 513)
    return nothing(state);
  const announced = withClient(state, { ...client, format });
  const admitted = admit(announced, client.slot);
  return {
    state: admitted.state,
    outputs: [{ kind: "mixer.format", slot: client.slot, format }, ...admitted.outputs],
  };
}

function onJitterWish(state: State, client: Client, blocks: number): Step {
  const auto = blocks === automaticJitterBuffer;
  const depth = auto ? "auto" : blocks;
  return {
    state: withClient(state, {
      ...client,
      autoJitter: auto,
      jitterBlocks: auto ? client.jitterBlocks : blocks,
    }),
    outputs: [{ kind: "mixer.jitter", slot: client.slot, depth }],
  };
}

/** Only a new or a changed profile is news. */
function onProfile(state: State, client: Client, profile: Profile): Step {
  if (client.profile !== null && isSame(client.profile, profile)) return nothing(state);
  const admitted = admit(withClient(state, { ...client, profile }), client.slot);
  if (!isProven(client)) return admitted;
  return { state: admitted.state, outputs: [...admitted.outputs, ...listForAll(admitted.state)] };
}

function onGain(state: State, listener: Client, source: number, gain: number): Step {
  if (!isHere(state, source)) return nothing(state);
  const before = listener.gains.get(source) ?? 1;
  const gains = new Map(listener.gains).set(source, gain);
  const outputs: Output[] = [{ kind: "mixer.gain", listener: listener.slot, source, gain }];
  if ((gain === 0) !== (before === 0)) {
    const message = { kind: "MUTE_STATE_CHANGED", channel: listener.slot, muted: gain === 0 } as const;
    outputs.push({ kind: "queue", slot: source, message });
  }
  return { state: withClient(state, { ...listener, gains }), outputs };
}

function onPan(state: State, listener: Client, source: number, pan: number): Step {
  if (!isHere(state, source)) return nothing(state);
  return { state, outputs: [{ kind: "mixer.pan", listener: listener.slot, source, pan }] };
}

function isHere(state: State, slot: number): boolean {
  const client = state.clients.get(slot);
  return client !== undefined && isProven(client);
}

function isSame(a: Profile, b: Profile): boolean {
  const { name, city, country, instrument, skill } = a;
  return (
    name === b.name &&
    city === b.city &&
    country === b.country &&
    instrument === b.instrument &&
    skill === b.skill
  );
}

function queue(client: Client, message: Extract<Output, { kind: "queue" }>["message"]): Output {
  return { kind: "queue", slot: client.slot, message };
}

function nothing(state: State): Step {
  return { state, outputs: [] };
}
