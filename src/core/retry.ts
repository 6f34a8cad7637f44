// When to try again: soon at first, then ever less often, and not every box at the same instant.

import type { Failure } from "./session-end.js";

const backOffMs = [1000, 2000, 4000, 8000, 15000] as const;

/** A server that is full is there, and may have room at any moment; to be refused costs both ends next to nothing. */
const backOffFromFullMs = [1000, 2000] as const;

/**
 * The wait after failed attempt `attempt` (from 1): 1, 2, 4, 8, then 15 s, at a full server 1, then 2 s, plus 0 to 25 %.
 * The extra comes from hashing the time in µs, not from chance: a transition must be repeatable, and two boxes
 * that lost the same server still differ, since each counts its monotonic time from its own boot.
 */
export function retryDelayMs(attempt: number, { kind }: Failure, atMs: number): number {
  const waits = kind === "full" ? backOffFromFullMs : backOffMs;
  const base = waits[Math.min(Math.max(attempt, 1), waits.length) - 1] ?? 15000;
  return Math.round(base * (1 + 0.25 * fraction(Math.floor(atMs * 1000) + attempt)));
}

/** A number in [0, 1) that looks unrelated to its neighbours' (the finalizer of MurmurHash3). */
function fraction(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
