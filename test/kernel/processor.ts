// A guest works one step at a time, and twice as fast where all its steps are taken on one processor: on which.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const watchedMs = 200;
/** To each, how many guests of this process are on it. */
const taken = new Map<number, number>();

export interface Place {
  /** Goes before a command. */
  readonly command: readonly string[];
  leave(): void;
}

/** The one of those we may use that has the fewest of our guests, and of these the one that has done least just now. */
export async function takeProcessor(): Promise<Place> {
  const before = busyTicks();
  await sleep(watchedMs);
  const after = busyTicks();
  const load = (each: number) => (after.get(each) ?? 0) - (before.get(each) ?? 0);
  const guests = (each: number) => taken.get(each) ?? 0;
  const [best = 0] = [...allowed()].sort(
    (one, other) => guests(one) - guests(other) || load(one) - load(other),
  );
  taken.set(best, guests(best) + 1);
  return {
    command: ["taskset", "--cpu-list", String(best)],
    leave: () => void taken.set(best, guests(best) - 1),
  };
}

/** From "0-2,5". */
function allowed(): readonly number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return list.split(",").flatMap((span) => {
    const [first = 0, last = first] = span.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** To each processor, so long it has worked: user, nice, system (proc(5)). */
function busyTicks(): ReadonlyMap<number, number> {
  const lines = readFileSync("/proc/stat", "utf8").matchAll(/^cpu(\d+) (\d+) (\d+) (\d+)/gm);
  return new Map(
    [...lines].map(([, number, ...ticks]) => [
      Number(number),
      ticks.reduce((sum, each) => sum + Number(each), 0),
    ]),
  );
}
