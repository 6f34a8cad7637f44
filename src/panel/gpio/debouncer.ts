// One edge for each time a contact closes or opens, however it bounces. Pure: levels and times in, edges out.

/** `atMs` is when the contact first moved, CLOCK_MONOTONIC. */
export interface Edge {
  readonly down: boolean;
  readonly atMs: number;
}

/** Contacts bounce for up to 20 ms; timers and the kernel's own debouncing may be a little late. */
export const settleMs = 25;

/**
 * The first movement counts at once, so a LED need not wait. Then nothing counts for `settleMs`, and after that whatever
 * the contact has come to.
 *
 *     contact  ____|‾|_|‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾|_|‾|_____________
 *     edges        down, settling...    up, settling...
 */
export class Debouncer {
  #told: boolean;
  #seen: Edge;
  #settledAtMs = Number.NEGATIVE_INFINITY;

  constructor(down: boolean) {
    this.#told = down;
    this.#seen = { down, atMs: Number.NEGATIVE_INFINITY };
  }

  /** When `settle` must be called, or null: not before the contact moves again. */
  get dueMs(): number | null {
    return this.#settledAtMs === Number.NEGATIVE_INFINITY ? null : this.#settledAtMs;
  }

  /** The contact is seen like this. */
  see(down: boolean, atMs: number): Edge | null {
    if (down !== this.#seen.down) this.#seen = { down, atMs };
    return this.#decide(atMs);
  }

  /** Time has passed, and the contact is still as it was last seen. */
  settle(nowMs: number): Edge | null {
    return this.#decide(nowMs);
  }

  #decide(nowMs: number): Edge | null {
    if (nowMs < this.#settledAtMs) return null;
    this.#settledAtMs = Number.NEGATIVE_INFINITY;
    if (this.#seen.down === this.#told) return null;
    this.#told = this.#seen.down;
    this.#settledAtMs = this.#seen.atMs + settleMs;
    return this.#seen;
  }
}
