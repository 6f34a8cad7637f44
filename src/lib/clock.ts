// The one clock of the box, CLOCK_MONOTONIC, and what may be scheduled on it; tests pass a clock they turn by hand.

export interface Clock {
  /** CLOCK_MONOTONIC in ms with fractions; only differences mean anything. */
  nowMs(): number;
}

/** Calls off what was scheduled; harmless when it has happened already. */
export type Cancel = () => void;

export interface Scheduler {
  /** Calls `action` once, `delayMs` from now at the earliest. */
  after(delayMs: number, action: () => void): Cancel;
}

export const systemClock: Clock & Scheduler = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  after(delayMs, action) {
    const timeout = setTimeout(action, delayMs);
    return () => clearTimeout(timeout);
  },
};
