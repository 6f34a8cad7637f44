// How much may be spent on strangers: by one address, by its network, and by all together.

import type { Endpoint } from "../audio/engine.js";
import { BoundedMap } from "./bounded-map.js";
import { endpointKey, networkOf } from "./networks.js";
import { type Rate, TokenBucket } from "./token-bucket.js";

export interface Tiers {
  readonly address: Rate;
  readonly network: Rate;
  readonly total: Rate;
}

/** Addresses and networks remembered. Who is forgotten begins anew, but never gets past the total. */
const remembered = 4096;

export class Allowance {
  readonly #tiers: Tiers;
  readonly #addresses = new BoundedMap<string, TokenBucket>(remembered);
  readonly #networks = new BoundedMap<string, TokenBucket>(remembered);
  readonly #total: TokenBucket;

  constructor(tiers: Tiers, nowMs: number) {
    this.#tiers = tiers;
    this.#total = new TokenBucket(tiers.total, nowMs);
  }

  /** Spends on this address; false: somebody has spent too much already, and nothing was taken. */
  spend(on: Endpoint, cost: number, nowMs: number): boolean {
    if (!this.#total.has(cost, nowMs)) return false;
    const network = bucket(this.#networks, networkOf(on.address), this.#tiers.network, nowMs);
    if (!network.has(cost, nowMs)) return false;
    const address = bucket(this.#addresses, endpointKey(on), this.#tiers.address, nowMs);
    if (!address.spend(cost, nowMs)) return false;
    network.spend(cost, nowMs);
    this.#total.spend(cost, nowMs);
    return true;
  }

  /** Entries in the larger of its tables. */
  get size(): number {
    return Math.max(this.#addresses.size, this.#networks.size);
  }
}

function bucket(table: BoundedMap<string, TokenBucket>, key: string, rate: Rate, nowMs: number): TokenBucket {
  const known = table.get(key);
  if (known !== undefined) return known;
  const made = new TokenBucket(rate, nowMs);
  table.set(key, made);
  return made;
}
