// Who may come in: a stranger's audio opens the door at its second plausible packet, not at a stray byte.

import type { Endpoint } from "../audio/engine.js";
import { type Quality, type Transport, transportFor } from "../protocol/index.js";
import { BoundedMap } from "./bounded-map.js";
import { endpointKey } from "./networks.js";

/** From the first packet to the second; a client's packets are 11 ms apart at most. */
const secondWithinMs = 1000;
const remembered = 1024;

const plausibleBytes = new Set(everyPacketSize());

/** Is this how large some client's audio packet would be (spec 3.3, 3.4, 3.6)? */
export function isPlausible(bytes: number): boolean {
  return plausibleBytes.has(bytes);
}

export class Knocks {
  readonly #first = new BoundedMap<string, { readonly bytes: number; readonly atMs: number }>(remembered);

  /**
   * A plausible packet of a stranger. At the second one within a second gives how many bytes both had; else null, and
   * it is remembered.
   */
  knock(from: Endpoint, bytes: number, nowMs: number): number | null {
    const key = endpointKey(from);
    const first = this.#first.get(key);
    if (first !== undefined && nowMs - first.atMs <= secondWithinMs) {
      this.#first.delete(key);
      return first.bytes + bytes;
    }
    this.#first.set(key, { bytes, atMs: nowMs });
    return null;
  }

  get size(): number {
    return this.#first.size;
  }
}

function everyPacketSize(): number[] {
  const qualities: readonly Quality[] = ["low", "normal", "high", "raw"];
  const formats = ([64, 128] as const).flatMap((blockFrames) =>
    ([1, 2] as const).flatMap((channels) =>
      qualities.map(
        (quality): Transport =>
          transportFor({ blockFrames, channels, quality, blocksPerPacket: 1, sequenced: false }),
      ),
    ),
  );
  return formats.flatMap(({ blockBytes }) =>
    [1, 2, 4].flatMap((blocks) => [blocks * blockBytes, blocks * (blockBytes + 1)]),
  );
}
