// Audio formats: how large a coded block is, and how the format is announced (spec 3.3, 3.4, message 20).
import type { MessageOf } from "./messages.js";

export type Quality = "low" | "normal" | "high" | "raw";
export type BlockFrames = 64 | 128;
export type Channels = 1 | 2;

/** What a client may choose. Two blocks per packet are used with blocks of 128 frames only. */
export interface TransportChoice {
  blockFrames: BlockFrames;
  channels: Channels;
  quality: Quality;
  blocksPerPacket: 1 | 2;
}

/** An audio format. Its first three sizes are announced, `raw` follows from them. */
export interface Transport {
  blockFrames: BlockFrames;
  channels: Channels;
  /** Bytes of one coded block, without a sequence byte. */
  blockBytes: number;
  /** 4 is legal, though no client makes it. */
  blocksPerPacket: 1 | 2 | 4;
  /** 16-bit samples instead of Opus. */
  raw: boolean;
}

const opusBytes = {
  64: { 1: { low: 12, normal: 22, high: 36 }, 2: { low: 24, normal: 35, high: 73 } },
  128: { 1: { low: 25, normal: 45, high: 82 }, 2: { low: 47, normal: 71, high: 165 } },
} as const;

const sampleRate = 48000;
const codec = { celt: 1, opus128: 2, opus64: 3 };
const flags = { none: 0, sequenceBytes: 1 };

/** The format of a choice, with its block size from the table of spec 3.3. */
export function transportFor(choice: TransportChoice): Transport {
  const { blockFrames, channels, quality, blocksPerPacket } = choice;
  const raw = quality === "raw";
  const blockBytes = raw ? rawBytes(blockFrames, channels) : opusBytes[blockFrames][channels][quality];
  return { blockFrames, channels, blockBytes, blocksPerPacket, raw };
}

/** UDP payload of one packet of this format. */
export function packetBytes(transport: Transport, sequenceBytes: boolean): number {
  return transport.blocksPerPacket * (transport.blockBytes + (sequenceBytes ? 1 : 0));
}

/** The message that announces a format, with a sequence byte behind each block or without. */
export function transportProps(
  transport: Transport,
  sequenceBytes: boolean,
): MessageOf<"NETW_TRANSPORT_PROPS"> {
  return {
    kind: "NETW_TRANSPORT_PROPS",
    baseSize: transport.blockBytes + (sequenceBytes ? 1 : 0),
    blockFactor: transport.blocksPerPacket,
    channels: transport.channels,
    sampleRate,
    codec: transport.blockFrames === 128 ? codec.opus128 : codec.opus64,
    flags: sequenceBytes ? flags.sequenceBytes : flags.none,
    codecArgument: 0,
  };
}

/** The format that a message announces; undefined for CELT, which nobody accepts any more. */
export function announcedTransport(
  props: MessageOf<"NETW_TRANSPORT_PROPS">,
): { transport: Transport; sequenceBytes: boolean } | undefined {
  if (props.codec === codec.celt) return undefined;
  const sequenceBytes = props.flags === flags.sequenceBytes;
  const blockFrames = props.codec === codec.opus128 ? 128 : 64;
  const channels = props.channels === 2 ? 2 : 1;
  const blockBytes = props.baseSize - (sequenceBytes ? 1 : 0);
  const blocksPerPacket = props.blockFactor === 4 ? 4 : props.blockFactor === 2 ? 2 : 1;
  const raw = blockBytes === rawBytes(blockFrames, channels);
  return { transport: { blockFrames, channels, blockBytes, blocksPerPacket, raw }, sequenceBytes };
}

function rawBytes(blockFrames: BlockFrames, channels: Channels): number {
  return 2 * blockFrames * channels;
}
