// Asks every now and then whether a server is there: a look-up and one ping, much less than to join in vain.

import type { AudioEngine, Endpoint } from "../audio/engine.js";
import type { Cancel, Clock, Scheduler } from "../lib/clock.js";
import { connectionlessDatagram, Inbox } from "../protocol/index.js";
import type { Resolution } from "./resolve.js";

/** Often enough for a box to be back within 5 s of its server; as a client's list of servers does it. */
export const probeEveryMs = 2_000;

export interface ProbeParts {
  readonly engine: Pick<AudioEngine, "admit" | "dismiss" | "send">;
  readonly clock: Clock & Scheduler;
  readonly resolve: (address: string) => Promise<Resolution>;
  /** Where the session is at present: there is no need to ask. */
  readonly present: () => Endpoint | null;
  /** Hears of each answer when it comes, and of each that did not. */
  readonly emit: (answered: boolean) => void;
}

const ping = connectionlessDatagram({ kind: "CLM_PING_MS", time: 0 });

export class Probe {
  readonly #parts: ProbeParts;
  /** The round under way; what an earlier one looked up counts for nothing. */
  #round: symbol | null = null;
  #peer: Endpoint | null = null;
  #answered = false;
  #cancel: Cancel = () => {};

  constructor(parts: ProbeParts) {
    this.#parts = parts;
  }

  /** Asks this server from now on, in place of the one before. */
  start(address: string): void {
    this.stop();
    void this.#ask(address);
  }

  stop(): void {
    this.#cancel();
    this.#round = null;
    if (this.#peer !== null) this.#parts.engine.dismiss(this.#peer);
    this.#peer = null;
  }

  /** Whether this was the answer that is waited for. */
  receive(from: Endpoint, datagram: Uint8Array): boolean {
    if (!isSame(this.#peer, from)) return false;
    const received = new Inbox().receive(datagram);
    if (received.kind !== "message" || received.message.kind !== "CLM_PING_MS") return false;
    this.#answered = true;
    this.#parts.emit(true);
    return true;
  }

  async #ask(address: string): Promise<void> {
    const round = Symbol(address);
    this.#round = round;
    const { engine, clock, resolve, emit } = this.#parts;
    const resolution = await resolve(address);
    if (round !== this.#round) return;
    this.#answered = false;
    const peer = resolution.found ? resolution.endpoint : null;
    this.#turnTo(isSame(peer, this.#parts.present()) ? null : peer);
    if (this.#peer !== null) engine.send(this.#peer, ping);
    this.#cancel = clock.after(probeEveryMs, () => {
      if (!this.#answered) emit(false);
      // Whoever heard that may have ended it.
      if (round === this.#round) void this.#ask(address);
    });
  }

  /** Admitted anew each time: a session with this server that lingered has dismissed it when it was over. */
  #turnTo(peer: Endpoint | null): void {
    const { engine } = this.#parts;
    if (this.#peer !== null && !isSame(this.#peer, peer)) engine.dismiss(this.#peer);
    this.#peer = peer !== null && engine.admit(peer) ? peer : null;
  }
}

function isSame(one: Endpoint | null, other: Endpoint | null): boolean {
  return one !== null && one.address === other?.address && one.port === other.port;
}
