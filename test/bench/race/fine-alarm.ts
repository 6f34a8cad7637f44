// Rings at a moment, to some microseconds: Node's own timers know whole milliseconds only.

import { Worker } from "node:worker_threads";

/** Shared with the thread that waits. */
export interface AlarmShared {
  /** Raised whenever the time changes. */
  readonly changes: Int32Array<SharedArrayBuffer>;
  /** One number, in ns of process.hrtime; 0: none. */
  readonly atNs: BigInt64Array<SharedArrayBuffer>;
}

export class FineAlarm {
  readonly #shared: AlarmShared = {
    changes: new Int32Array(new SharedArrayBuffer(4)),
    atNs: new BigInt64Array(new SharedArrayBuffer(8)),
  };
  readonly #worker: Worker;

  constructor(ring: () => void) {
    this.#worker = new Worker(new URL("./fine-alarm-worker.js", import.meta.url), {
      workerData: this.#shared,
    });
    this.#worker.on("message", ring);
  }

  /** Instead of whatever was set before. */
  set(atNs: bigint): void {
    Atomics.store(this.#shared.atNs, 0, atNs);
    Atomics.add(this.#shared.changes, 0, 1);
    Atomics.notify(this.#shared.changes, 0);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
