// The light of one LED at one instant: blink phases come from the clock, so nobody keeps a blink timer.

import type { LedPattern } from "../core/view.js";

interface Blink {
  readonly periodMs: number;
  /** Lit spans of a period, from (inclusive) and to (exclusive). */
  readonly lit: readonly (readonly [number, number])[];
}

/** Rhythms that can be told apart without colour, and at a glance. */
const blinks: Record<Exclude<LedPattern, "off" | "on">, Blink> = {
  "slow-blink": { periodMs: 1000, lit: [[0, 500]] },
  "fast-blink": { periodMs: 200, lit: [[0, 100]] },
  "double-blink": {
    periodMs: 1500,
    lit: [
      [0, 120],
      [300, 420],
    ],
  },
  "triple-blink": {
    periodMs: 1000,
    lit: [
      [0, 120],
      [240, 360],
      [480, 600],
    ],
  },
  "short-flash": { periodMs: 2000, lit: [[0, 60]] },
};

/** `nowMs` is any steady clock in ms; LEDs painted with the same clock blink together. */
export function ledLit(pattern: LedPattern, nowMs: number): boolean {
  if (pattern === "off" || pattern === "on") return pattern === "on";
  const { periodMs, lit } = blinks[pattern];
  const phase = nowMs % periodMs;
  return lit.some(([from, to]) => phase >= from && phase < to);
}

/** In how many ms after `nowMs` the light of this pattern changes; Infinity: never. */
export function nextChangeMs(pattern: LedPattern, nowMs: number): number {
  if (pattern === "off" || pattern === "on") return Number.POSITIVE_INFINITY;
  const { periodMs, lit } = blinks[pattern];
  const phase = nowMs % periodMs;
  const next = lit.flat().find((atMs) => atMs > phase) ?? periodMs;
  return next - phase;
}
