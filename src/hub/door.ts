// Who gets in, when many knock: newcomers who have not proved that they are there may fill only a part of the house.

import type { Endpoint } from "../audio/engine.js";
import { isPlausible, Knocks } from "./knocks.js";
import { endpointKey, networkOf } from "./networks.js";

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

  get counters(): DoorCounters {
    return { ...this.#counters };
  }

  get size(): number {
    return this.#knocks.size;
  }
}
