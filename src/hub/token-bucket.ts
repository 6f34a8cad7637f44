// A budget that fills up by itself: so much at once, so much a second.

export interface Rate {
  /** The most that can be spent at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Times are milliseconds of a clock that never goes back. */
export class TokenBucket {
  readonly #rate: Rate;
  #level: number;
  #atMs: number;

  /** Full. */
  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#level = rate.burst;
    this.#atMs = nowMs;
  }

  has(cost: number, nowMs: number): boolean {
    const gained = (Math.max(0, nowMs - this.#atMs) * this.#rate.perSecond) / 1000;
    this.#level = Math.min(this.#rate.burst, this.#level + gained);
    this.#atMs = Math.max(this.#atMs, nowMs);
    return this.#level >= cost;
  }

  /** Takes `cost` if it is there; false: it is not, and nothing was taken. */
  spend(cost: number, nowMs: number): boolean {
    if (!this.has(cost, nowMs)) return false;
    this.#level -= cost;
    return true;
  }
}
