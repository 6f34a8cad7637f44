// Audio formats: how large a coded block is, and how the format is announced (spec 3.3, 3.4, message 20).
import type { MessageOf } from "./messages.js";

export type Quality = "low" | "normal" | "high" | "raw";

/** An audio format as both ends must know it. */
export interface Transport {
  /** Frames of one coded block. */
  readonly blockFrames: 64 | 128;
  readonly channels: 1 | 2;
  /** Bytes of one coded block, without its sequence byte. */
  readonly blockBytes: number;
  /** The protocol's block factor. 4 is legal, though no client makes it. */
  readonly blocksPerPacket: 1 | 2 | 4;
  /** Each block is followed by its sequence byte. */
  readonly sequenced: boolean;
}

/** What a client may choose. Two blocks per packet are used with blocks of 128 frames only. */
export interface TransportChoice {
  readonly blockFrames: 64 | 128;
  readonly channels: 1 | 2;
  readonly quality: Quality;
  readonly blocksPerPacket: 1 | 2;
  readonly sequenced: boolean;
}

export interface ChosenTransport extends Transport {
  readonly blocksPerPacket: 1 | 2;
}

const opusBytes = {
  64: { 1: { low: 12, normal: 22, high: 36 }, 2: { low: 24, normal: 35, high: 73 } },
  128: { 1: { low: 25, normal: 45, high: 82 }, 2: { low: 47, normal: 71, high: 165 } },
} as const;

const sampleRate = 48000;
const codecs = { celt: 1, opus128: 2, opus64: 3 };
const flags = { none: 0, sequenceBytes: 1 };

/** The format of a choice, with its block size from the table of spec 3.3. */
export function transportFor({ quality, ...choice }: TransportChoice): ChosenTransport {
  const blockBytes =
    quality === "raw" ? rawBytes(choice) : opusBytes[choice.blockFrames][choice.channels][quality];
  return { ...choice, blockBytes };
}

/** 16-bit samples instead of Opus. Nothing says so but the block size (spec 3.6). */
export function isRaw(transport: Transport): boolean {
  return transport.blockBytes === rawBytes(transport);
}

/** UDP payload of one packet of this format. */
export function packetBytes(transport: Transport): number {
  return transport.blocksPerPacket * sizeOnWire(transport);
}

/** The message that announces a format. */
export function transportProps(transport: Transport): MessageOf<"NETW_TRANSPORT_PROPS"> {
  return {
    kind: "NETW_TRANSPORT_PROPS",
    baseSize: sizeOnWire(transport),
    blockFactor: transport.blocksPerPacket,
    channels: transport.channels,
    sampleRate,
    codec: transport.blockFrames === 128 ? codecs.opus128 : codecs.opus64,
    flags: transport.sequenced ? flags.sequenceBytes : flags.none,
    codecArgument: 0,
  };
}

/** The format that a message announces; undefined for CELT, which nobody accepts any more. */
export function announcedTransport(props: MessageOf<"NETW_TRANSPORT_PROPS">): Transport | undefined {
  if (props.codec === codecs.celt) return undefined;
  const sequenced = props.flags === flags.sequenceBytes;
  return {
    blockFrames: props.codec === codecs.opus128 ? 128 : 64,
    channels: props.channels === 2 ? 2 : 1,
    blockBytes: props.baseSize - (sequenced ? 1 : 0),
    blocksPerPacket: props.blockFactor === 4 ? 4 : props.blockFactor === 2 ? 2 : 1,
    sequenced,
  };
}

function sizeOnWire(transport: Transport): number {
  return transport.blockBytes + (transport.sequenced ? 1 : 0);
}

function rawBytes(format: { blockFrames: number; channels: number }): number {
  return 2 * format.blockFrames * format.channels;
}
