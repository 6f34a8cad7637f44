// The wrapping of every message on the wire, and the rule that tells a message from audio.
import { crc16 } from "./crc.js";

const headerBytes = 7;

/** What the wrapping adds to a body. */
export const wrappingBytes = headerBytes + 2;

/** Longest datagram anybody accepts as a message (spec 1.1). */
export const maxDatagramBytes = 20000;

/** Longest body that fits such a datagram. */
export const maxBodyBytes = maxDatagramBytes - wrappingBytes;

/** Why a datagram is not a message. Whatever is not a message counts as audio (spec 1.2). */
export type NotAMessage = "too-short" | "too-long" | "tag" | "length" | "crc";

export type Envelope =
  | { ok: true; id: number; counter: number; body: Uint8Array }
  | { ok: false; reason: NotAMessage };

/** Unwraps a datagram (spec 1.1, 1.2). `body` is a view of `datagram`, not a copy. */
export function parseEnvelope(datagram: Uint8Array): Envelope {
  const size = datagram.length;
  if (size < wrappingBytes) return { ok: false, reason: "too-short" };
  if (size > maxDatagramBytes) return { ok: false, reason: "too-long" };
  if (u16At(datagram, 0) !== 0) return { ok: false, reason: "tag" };
  if (u16At(datagram, 5) !== size - wrappingBytes) return { ok: false, reason: "length" };
  if (u16At(datagram, size - 2) !== crc16(datagram.subarray(0, size - 2)))
    return { ok: false, reason: "crc" };
  return {
    ok: true,
    id: u16At(datagram, 2),
    counter: datagram[4]!,
    body: datagram.subarray(headerBytes, size - 2),
  };
}

/** Wraps a body into a datagram. Throws a RangeError if the body is longer than `maxBodyBytes`. */
export function sealEnvelope(id: number, counter: number, body: Uint8Array): Uint8Array {
  if (body.length > maxBodyBytes)
    throw new RangeError(`body of ${body.length} bytes, at most ${maxBodyBytes} fit`);
  const datagram = new Uint8Array(wrappingBytes + body.length);
  setU16(datagram, 2, id);
  datagram[4] = counter;
  setU16(datagram, 5, body.length);
  datagram.set(body, headerBytes);
  const end = datagram.length - 2;
  setU16(datagram, end, crc16(datagram.subarray(0, end)));
  return datagram;
}

/** Connection-less messages need no conversation: counter 0, never acknowledged, from and to anybody (spec 1.3). */
export function isConnectionless(id: number): boolean {
  return id >= 1000 && id <= 1999;
}

function u16At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function setU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >> 8;
}
