// How a hub registers with a directory, and stays registered (spec 7.1).

import type { Endpoint } from "../audio/engine.js";
import { registrationResults } from "../protocol/index.js";

const replyMs = 500;
const maxTries = 5;
const refreshMs = 15 * 60_000;
const keepAliveMs = 59_000;
/** A hub that starts with the building's power is up before its network. */
const lookAgainMs = 30_000;

export type RegistrationState =
  | "looking-up"
  | "not-found"
  | "requested"
  | "no-answer"
  | "unknown-answer"
  | (typeof registrationResults)[number];

export type Due =
  /** The directory's address is wanted; tell it by `located`. */
  "look-up" | "register" | "keep-alive";

/** Times are milliseconds of a clock that never goes back. */
export class Announcement {
  #state: RegistrationState = "looking-up";
  #endpoint: Endpoint | null = null;
  #tries = 0;
  /** When to register again, or to give up; infinity while the address is looked up. */
  #nextAtMs: number;
  #refreshAtMs: number;
  #keepAliveAtMs: number;

  constructor(nowMs: number) {
    this.#nextAtMs = Number.POSITIVE_INFINITY;
    this.#refreshAtMs = nowMs;
    this.#keepAliveAtMs = nowMs + keepAliveMs;
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** The directory; null: not known yet. */
  get endpoint(): Endpoint | null {
    return this.#endpoint;
  }

  /** Where the directory is; null: it was not found, and is looked up again soon. */
  located(endpoint: Endpoint | null, nowMs: number): void {
    if (endpoint === null) {
      this.#state = "not-found";
      this.#refreshAtMs = Math.min(this.#refreshAtMs, nowMs + lookAgainMs);
      return;
    }
    this.#endpoint = endpoint;
    this.#tries = 0;
    this.#nextAtMs = nowMs;
  }

  /** What is to be done now; call until it gives null. */
  poll(nowMs: number): Due | null {
    if (nowMs >= this.#refreshAtMs) {
      this.#refreshAtMs = nowMs + refreshMs;
      return "look-up";
    }
    if (nowMs >= this.#nextAtMs) {
      if (this.#tries < maxTries) {
        this.#tries += 1;
        this.#nextAtMs = nowMs + replyMs;
        if (this.#state !== "registered") this.#state = "requested";
        return "register";
      }
      this.#nextAtMs = Number.POSITIVE_INFINITY;
      this.#state = "no-answer";
    }
    if (nowMs >= this.#keepAliveAtMs) {
      this.#keepAliveAtMs = nowMs + keepAliveMs;
      if (this.#endpoint !== null) return "keep-alive";
    }
    return null;
  }

  /** The directory has answered. */
  answered(result: number): void {
    this.#nextAtMs = Number.POSITIVE_INFINITY;
    this.#state = registrationResults[result] ?? "unknown-answer";
  }

  wakeAtMs(): number {
    return Math.min(this.#refreshAtMs, this.#nextAtMs, this.#keepAliveAtMs);
  }
}
