// What strangers may send: random bytes, audio of nobody, or what a real program said, in parts changed.

import { crc16 } from "../../src/protocol/crc.js";
import { parseEnvelope } from "../../src/protocol/index.js";
import type { Random } from "./random.js";

/** `seeds` are datagrams of real programs. */
export function hostileDatagram(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
  const kind = random.below(4);
  if (kind === 0) return random.bytes(1 + random.below(80));
  if (kind === 1) return new Uint8Array(random.pick([12, 45, 46, 71, 72, 165, 166])).fill(random.below(256));
  const seed = random.pick(seeds).slice();
  if (kind === 2) return seed;
  // Changed, and sealed again so that it is a message all the same.
  const at = random.below(seed.length);
  seed[at] = random.below(256);
  const envelope = parseEnvelope(seed);
  return envelope.ok ? seed : resealed(seed);
}

function resealed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 9) return bytes;
  const length = bytes.length - 9;
  bytes[0] = 0;
  bytes[1] = 0;
  bytes[5] = length & 255;
  bytes[6] = length >> 8;
  const crc = crc16(bytes.subarray(0, bytes.length - 2));
  bytes[bytes.length - 2] = crc & 255;
  bytes[bytes.length - 1] = crc >> 8;
  return bytes;
}
