// How often the display may change: at most five times in any second, and after a pause twice at once.

const intervalMs = 250;

export class Pace {
  /** When the allowance is full again. */
  #fullAtMs = Number.NEGATIVE_INFINITY;

  /** The next update may be at this time or later. */
  get readyAtMs(): number {
    return this.#fullAtMs - intervalMs;
  }

  /** From this time on an update leaves one to spare, for news that must not wait. */
  get spareAtMs(): number {
    return this.#fullAtMs;
  }

  /** An update begins. */
  take(nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + intervalMs;
  }
}
