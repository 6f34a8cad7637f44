// Looks every second whether this machine has addresses by which to reach others, and whether they are still the same.

import { networkInterfaces } from "node:os";
import type { Cancel, Scheduler } from "../lib/clock.js";

export const lookEveryMs = 1_000;

export interface NetworkWatchParts {
  readonly scheduler: Scheduler;
  /** Hears of each change; when it begins, only of "down". */
  readonly emit: (link: "up" | "down") => void;
  /** As node:os has it: interfaces without a carrier are not in it. */
  readonly interfaces?: typeof networkInterfaces;
}

export class NetworkWatch {
  readonly #parts: NetworkWatchParts;
  #addresses: string | null = null;
  #cancel: Cancel = () => {};

  constructor(parts: NetworkWatchParts) {
    this.#parts = parts;
  }

  /** Looks at once, and from then on. */
  start(): void {
    this.#cancel = this.#parts.scheduler.after(lookEveryMs, () => this.start());
    const { emit, interfaces = networkInterfaces } = this.#parts;
    const before = this.#addresses;
    const addresses = addressesOf(interfaces());
    this.#addresses = addresses;
    if (addresses === before || (before === null && addresses !== "")) return;
    emit(addresses === "" ? "down" : "up");
  }

  stop(): void {
    this.#cancel();
  }
}

/** All of them in one text; empty: none but this machine's own. */
function addressesOf(interfaces: ReturnType<typeof networkInterfaces>): string {
  const external = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses.filter(({ internal }) => !internal).map(({ cidr }) => `${name} ${cidr}`),
  );
  return external.sort().join(", ");
}
