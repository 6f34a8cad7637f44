// How long to leave a part of the panel alone that failed: longer each time, until it has been well for a while.

const delaysMs = [1000, 2000, 4000, 8000, 15000];
/** A part that comes and goes within this time (a loose plug) is not yet well. */
const steadyMs = 10_000;

export class BackOff {
  #failures = 0;
  #wellSinceMs: number | null = null;

  well(nowMs: number): void {
    this.#wellSinceMs ??= nowMs;
  }

  /** How long to wait, in ms. */
  failed(nowMs: number): number {
    if (this.#wellSinceMs !== null && nowMs - this.#wellSinceMs >= steadyMs) this.#failures = 0;
    this.#wellSinceMs = null;
    const delayMs = delaysMs[Math.min(this.#failures, delaysMs.length - 1)] ?? 0;
    this.#failures++;
    return delayMs;
  }
}
