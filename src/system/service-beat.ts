// Whether all that must never stand still has moved on since the last look: only then is the watchdog fed.

/** How often each realtime thread has gone round. */
export type Turns = readonly number[];

/**
 * The first look has nothing to compare with, and a thread that was just made may have it easy. That the main loop beats
 * goes without saying: it is what looks.
 */
export function allBeat(before: Turns | null, now: Turns): boolean {
  return before === null || now.every((turns, thread) => turns !== before[thread]);
}
