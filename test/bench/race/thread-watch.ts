// The realtime thread of a process seen from outside: how long it works at each wake-up, and how long it waits for a
// core before that, by the scheduler's own counts, read more often than it wakes.

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ThreadTimes {
  /** At each wake-up, in ms. */
  readonly workMs: readonly number[];
  /** From being woken to having a core, in ms. */
  readonly waitMs: readonly number[];
  /** Of all wake-ups, those that were seen singly; two between two looks count as two of half their sum. */
  readonly single: number;
}

interface Look {
  readonly workNs: number;
  readonly waitNs: number;
  readonly turns: number;
}

export async function watchRealtimeThread(pid: number, watchedMs: number): Promise<ThreadTimes> {
  const id = realtimeThread(pid);
  const [workMs, waitMs]: [number[], number[]] = [[], []];
  let single = 0;
  let before = look(pid, id);
  for (const endMs = performance.now() + watchedMs; performance.now() < endMs; ) {
    await sleep(1);
    const now = look(pid, id);
    const turns = now.turns - before.turns;
    for (let turn = 0; turn < turns; turn++) {
      workMs.push((now.workNs - before.workNs) / turns / 1e6);
      waitMs.push((now.waitNs - before.waitNs) / turns / 1e6);
    }
    if (turns === 1) single += 1;
    if (turns > 0) before = now;
  }
  return { workMs, waitMs, single: single / workMs.length };
}

/** The first of its threads with a realtime priority (proc(5): field 40 of stat). */
function realtimeThread(pid: number): string {
  const found = readdirSync(`/proc/${pid}/task`).find((id) => {
    const stat = readFileSync(`/proc/${pid}/task/${id}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[40 - 3]) > 0;
  });
  if (found === undefined)
    throw new Error(`process ${pid} has no realtime thread: is this user allowed one?`);
  return found;
}

/** Time at work, time in the queue for a core, and turns on one. */
function look(pid: number, id: string): Look {
  const counts = readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ").map(Number);
  const [workNs = 0, waitNs = 0, turns = 0] = counts;
  return { workNs, waitNs, turns };
}
