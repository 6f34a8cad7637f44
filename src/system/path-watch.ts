// Looks every few seconds whether the path to the present server is encrypted: routes and tunnels come and go.

import type { Cancel, Scheduler } from "../lib/clock.js";
import type { Target } from "./tunnel.js";

export const lookEveryMs = 3_000;

export interface PathWatchParts {
  readonly scheduler: Scheduler;
  /** Never rejects. */
  readonly isEncrypted: (server: Target) => Promise<boolean>;
  /** Hears every look, news or not. */
  readonly emit: (encrypted: boolean) => void;
}

export class PathWatch {
  readonly #parts: PathWatchParts;
  #server: Target | null = null;
  #cancel: Cancel = () => {};

  constructor(parts: PathWatchParts) {
    this.#parts = parts;
  }

  /** Watches the path to this server from now on, beginning at once; null: to none. The same again changes nothing. */
  follow(server: Target | null): void {
    if (server?.address === this.#server?.address && server?.port === this.#server?.port) return;
    this.#cancel();
    this.#server = server;
    if (server !== null) void this.#look(server);
  }

  async #look(server: Target): Promise<void> {
    const encrypted = await this.#parts.isEncrypted(server);
    // Another one is watched by now, or the same one anew.
    if (server !== this.#server) return;
    this.#cancel = this.#parts.scheduler.after(lookEveryMs, () => void this.#look(server));
    this.#parts.emit(encrypted);
  }
}
