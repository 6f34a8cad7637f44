// Waits for a condition that only asking can tell, with a deadline that names what was waited for.
import { setTimeout as sleep } from "node:timers/promises";

/** Generous: the machine may be slow and shared. */
export const patienceMs = 20_000;

export interface Patience {
  readonly deadlineMs?: number;
  /** Between two questions. */
  readonly everyMs?: number;
  /** A reason why waiting has become useless, such as a process that ended; null while there is none. */
  readonly hopeless?: () => string | null;
}

/**
 * Asks every 20 ms, if not told otherwise, until the answer is neither false, null nor undefined, and gives that answer. A question that
 * throws counts as no answer. After the deadline: an Error with `what` in it, and the last thing thrown as its cause.
 */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  { deadlineMs = patienceMs, everyMs = 20, hopeless = () => null }: Patience = {},
): Promise<Exclude<T, false | null | undefined>> {
  const endMs = performance.now() + deadlineMs;
  let cause: unknown;
  while (performance.now() < endMs) {
    try {
      const answer = await ask();
      if (answer !== false && answer !== null && answer !== undefined) {
        return answer as Exclude<T, false | null | undefined>;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    const reason = hopeless();
    if (reason !== null) throw new Error(`no hope for ${what}: ${reason}`, { cause });
    await sleep(everyMs);
  }
  throw new Error(`waited ${deadlineMs} ms in vain for ${what}`, { cause });
}
