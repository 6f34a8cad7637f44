// Tells the service manager that we are ready, what we are at, that we are alive, and that we end.

import type { Cancel, Scheduler } from "../lib/clock.js";
import type { Logger } from "../lib/logger.js";
import { allBeat, type Turns } from "./service-beat.js";
import { serviceManager } from "./service-manager.js";

export interface ServiceLinkParts {
  readonly scheduler: Scheduler;
  readonly logger: Pick<Logger, "warn">;
  /** Sends one datagram; gives the name of the error that kept it from being sent, else null. */
  readonly notify: (socket: string, text: string) => string | null;
  readonly turns: () => Turns;
  /** One line in words, without names. */
  readonly status: () => string;
  readonly env?: NodeJS.ProcessEnv;
  readonly pid?: number;
}

/** Without a service manager it does nothing. */
export class ServiceLink {
  readonly #parts: ServiceLinkParts;
  readonly #manager;
  #status = "";
  #turns: Turns | null = null;
  #cancel: Cancel = () => {};
  #isHeard = true;

  constructor(parts: ServiceLinkParts) {
    this.#parts = parts;
    this.#manager = serviceManager(parts.env ?? process.env, parts.pid ?? process.pid);
  }

  ready(): void {
    this.#status = this.#parts.status();
    this.#tell(`READY=1\nSTATUS=${this.#status}`);
    this.#feed();
  }

  /** Something may have changed; the manager hears of it if its words have. */
  changed(): void {
    if (this.#manager === null || this.#status === "") return;
    const status = this.#parts.status();
    if (status === this.#status) return;
    this.#status = status;
    this.#tell(`STATUS=${status}`);
  }

  /** From now on the manager waits for our end instead of a sign of life. */
  stopping(): void {
    this.#cancel();
    this.#status = "";
    this.#tell("STOPPING=1");
  }

  /** Twice as often as it must be, as sd_watchdog_enabled(3) advises. */
  #feed(): void {
    const { scheduler, turns } = this.#parts;
    if (!this.#manager?.watchdogMs) return;
    const now = turns();
    if (allBeat(this.#turns, now)) this.#tell("WATCHDOG=1");
    this.#turns = now;
    this.#cancel = scheduler.after(this.#manager.watchdogMs / 2, () => this.#feed());
  }

  #tell(text: string): void {
    if (this.#manager === null) return;
    const error = this.#parts.notify(this.#manager.socket, text);
    if (error !== null && this.#isHeard)
      this.#parts.logger.warn(`the service manager cannot be told that all is well (${error})`);
    this.#isHeard = error === null;
  }
}
