// The thread behind a fine alarm: sleeps until the moment that is set, and says so.

import { parentPort, workerData } from "node:worker_threads";
import type { AlarmShared } from "./fine-alarm.js";

const { changes, atNs } = workerData as AlarmShared;

for (;;) {
  const seen = Atomics.load(changes, 0);
  const due = Atomics.load(atNs, 0);
  const leftMs = due === 0n ? Number.POSITIVE_INFINITY : Number(due - process.hrtime.bigint()) / 1e6;
  if (leftMs > 0) {
    Atomics.wait(changes, 0, seen, leftMs);
  } else if (Atomics.compareExchange(atNs, 0, due, 0n) === due) {
    parentPort?.postMessage(null);
  }
}
