// What strangers may cost: UDP shows no true sender, so an answer may hit somebody who never asked.

import type { Endpoint } from "../audio/engine.js";
import { Allowance } from "./allowance.js";
import { isPrivate } from "./networks.js";

const KiB = 1024;

/** Questions heard. A list of servers asks each server every 2.5 s; a box asks three things at once. */
const answers = {
  private: {
    address: { burst: 40, perSecond: 10 },
    network: { burst: 2000, perSecond: 500 },
    total: { burst: 4000, perSecond: 2000 },
  },
  public: {
    address: { burst: 20, perSecond: 4 },
    network: { burst: 200, perSecond: 50 },
    total: { burst: 2000, perSecond: 1000 },
  },
};

/** Bytes of answers beyond the bytes of their questions. */
const surplus = {
  private: {
    address: { burst: 64 * KiB, perSecond: 8 * KiB },
    network: { burst: 256 * KiB, perSecond: 64 * KiB },
    total: { burst: 1024 * KiB, perSecond: 256 * KiB },
  },
  public: {
    address: { burst: 16 * KiB, perSecond: 256 },
    network: { burst: 32 * KiB, perSecond: KiB },
    total: { burst: 64 * KiB, perSecond: 16 * KiB },
  },
};

export interface StrangerCounters {
  /** Questions of strangers that were answered. */
  readonly answered: number;
  /** Bytes that strangers asked with and were answered with. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Left without an answer: they asked too often, or the answer would be too large. */
  readonly tooOften: number;
  readonly tooLarge: number;
}

export class Strangers {
  readonly #answers: { readonly private: Allowance; readonly public: Allowance };
  readonly #surplus: { readonly private: Allowance; readonly public: Allowance };
  readonly #counters = { answered: 0, bytesIn: 0, bytesOut: 0, tooOften: 0, tooLarge: 0 };

  constructor(nowMs: number) {
    const made = (tiers: typeof answers) => ({
      private: new Allowance(tiers.private, nowMs),
      public: new Allowance(tiers.public, nowMs),
    });
    this.#answers = made(answers);
    this.#surplus = made(surplus);
  }

  /** May somebody there ask once more? If so, it counts as done; to be asked before any work is done on an answer. */
  mayAsk(from: Endpoint, nowMs: number): boolean {
    if (this.#answers[kindOf(from)].spend(from, 1, nowMs)) return true;
    this.#counters.tooOften += 1;
    return false;
  }

  /** May a question of `bytesIn` bytes be answered with `bytesOut`? If so, it counts as done. */
  mayAnswer(from: Endpoint, bytesIn: number, bytesOut: number, nowMs: number): boolean {
    const beyond = bytesOut - bytesIn;
    if (beyond > 0 && !this.#surplus[kindOf(from)].spend(from, beyond, nowMs)) {
      this.#counters.tooLarge += 1;
      return false;
    }
    this.#counters.answered += 1;
    this.#counters.bytesIn += bytesIn;
    this.#counters.bytesOut += bytesOut;
    return true;
  }

  get counters(): StrangerCounters {
    return { ...this.#counters };
  }

  /** Entries in the largest of its tables. */
  get size(): number {
    const { answers: a, surplus: s } = { answers: this.#answers, surplus: this.#surplus };
    return Math.max(a.private.size, a.public.size, s.private.size, s.public.size);
  }
}

function kindOf({ address }: Endpoint): "private" | "public" {
  return isPrivate(address) ? "private" : "public";
}
