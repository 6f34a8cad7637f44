// Who gets in, when many knock: newcomers who have not proved that they are there may fill only a part of the house.

import type { Endpoint } from "../audio/engine.js";
import { BoundedMap } from "./bounded-map.js";
import { isPlausible, Knocks } from "./knocks.js";
import { endpointKey, networkOf } from "./networks.js";

/** What a client said just before its audio; longer messages no client begins with. */
const maxEarlyBytes = 64;
const earlyForMs = 1000;
const rememberedEarly = 256;

/** After so long an unproven newcomer makes room for the next one. */
const giveWayMs = 500;
const maxNewcomers = 16;

export interface Newcomer {
  readonly slot: number;
  readonly endpoint: Endpoint;
  readonly sinceMs: number;
}

export type Verdict =
  | { readonly kind: "wait" }
  /** Come in. `bytes` came from there so far; `instead` has to go first, if anybody. */
  | { readonly kind: "come"; readonly bytes: number; readonly instead: Newcomer | null };

export interface DoorCounters {
  /** Knocks that were too small, too large or too odd for a client's audio. */
  readonly implausible: number;
  /** Knocks that found too many newcomers before them. */
  readonly crowded: number;
}

export class Door {
  readonly #limit: number;
  readonly #perNetwork: number;
  readonly #knocks = new Knocks();
  readonly #early = new BoundedMap<string, { readonly datagram: Uint8Array; readonly atMs: number }>(
    rememberedEarly,
  );
  #counters = { implausible: 0, crowded: 0 };

  constructor(maxClients: number) {
    this.#limit = Math.min(maxNewcomers, Math.ceil(maxClients / 2));
    this.#perNetwork = Math.ceil(this.#limit / 2);
  }

  /** `newcomers` are those inside who are not proven yet. */
  knock(from: Endpoint, bytes: number, newcomers: readonly Newcomer[], nowMs: number): Verdict {
    if (!isPlausible(bytes)) {
      this.#counters.implausible += 1;
      return { kind: "wait" };
    }
    const bytesSoFar = this.#knocks.knock(from, bytes, nowMs);
    if (bytesSoFar === null) return { kind: "wait" };
    // Its slot is as good as given, should the order and another packet have crossed.
    if (newcomers.some(({ endpoint }) => endpointKey(endpoint) === endpointKey(from)))
      return { kind: "wait" };

    const network = networkOf(from.address);
    const neighbours = newcomers.filter(({ endpoint }) => networkOf(endpoint.address) === network);
    const rivals = neighbours.length >= this.#perNetwork ? neighbours : newcomers;
    if (rivals === newcomers && newcomers.length < this.#limit)
      return { kind: "come", bytes: bytesSoFar, instead: null };
    const oldest = rivals.reduce((a, b) => (a.sinceMs <= b.sinceMs ? a : b));
    if (nowMs - oldest.sinceMs >= giveWayMs) return { kind: "come", bytes: bytesSoFar, instead: oldest };
    this.#counters.crowded += 1;
    return { kind: "wait" };
  }

  /**
   * A message of a conversation that has not begun. Some clients speak before they play, and would repeat it only 400 ms
   * later, with all else waiting behind it (spec 4.3).
   */
  overhear(from: Endpoint, datagram: Uint8Array, nowMs: number): void {
    if (datagram.length > maxEarlyBytes) return;
    const key = endpointKey(from);
    // The first is the one that all others wait for.
    const known = this.#early.get(key);
    if (known !== undefined && nowMs - known.atMs <= earlyForMs) return;
    this.#early.set(key, { datagram: datagram.slice(), atMs: nowMs });
  }

  /** What was overheard of somebody who has come in since; null: nothing. */
  overheard(from: Endpoint, nowMs: number): Uint8Array | null {
    const key = endpointKey(from);
    const early = this.#early.get(key);
    this.#early.delete(key);
    return early !== undefined && nowMs - early.atMs <= earlyForMs ? early.datagram : null;
  }

  get counters(): DoorCounters {
    return { ...this.#counters };
  }

  get size(): number {
    return Math.max(this.#knocks.size, this.#early.size);
  }
}
