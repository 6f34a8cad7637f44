// The directories that list this hub: looks them up, registers with each, and leaves them at the end.

import type { Endpoint } from "../audio/engine.js";
import type { Clock } from "../lib/clock.js";
import { connectionlessDatagram } from "../protocol/index.js";
import { announcedSystem } from "./announced-version.js";
import { Announcement, type RegistrationState } from "./announcement.js";
import type { ServerInfo } from "./directory.js";
import { endpointKey } from "./networks.js";

/** A server that has run for so long is listed as permanent. */
const permanentAfterMs = 48 * 3_600_000;

export interface RegistrationsOptions {
  /** As configured: "host", "host:port" or "[v6]:port". */
  readonly directories: readonly string[];
  readonly clock: Clock;
  readonly own: Omit<ServerInfo, "permanent" | "internalAddress">;
  readonly version: string;
  /** Null: not found. Never rejects. */
  readonly resolve: (address: string) => Promise<Endpoint | null>;
  /** Our own IPv4 address as seen on the way there; "" where it is unknown. Never rejects. */
  readonly ownAddressTowards: (directory: Endpoint) => Promise<string>;
  readonly send: (to: Endpoint, datagram: Uint8Array) => void;
  /** Something is due, or is due at another time than before. */
  readonly onChange: () => void;
}

export interface RegistrationStatus {
  readonly directory: string;
  readonly state: RegistrationState;
}

interface Registration {
  readonly directory: string;
  readonly announcement: Announcement;
  ownAddress: string;
}

export class Registrations {
  readonly #options: RegistrationsOptions;
  readonly #startedAtMs: number;
  readonly #registrations: readonly Registration[];
  #closed = false;

  constructor(options: RegistrationsOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.nowMs();
    this.#registrations = options.directories.map((directory) => ({
      directory,
      announcement: new Announcement(this.#startedAtMs),
      ownAddress: "",
    }));
  }

  get status(): readonly RegistrationStatus[] {
    return this.#registrations.map(({ directory, announcement }) => ({
      directory,
      state: announcement.state,
    }));
  }

  isDirectory(endpoint: Endpoint): boolean {
    return this.#at(endpoint) !== undefined;
  }

  answered(from: Endpoint, result: number): void {
    const registration = this.#at(from);
    if (registration === undefined) return;
    registration.announcement.answered(result);
    this.#options.onChange();
  }

  wakeAtMs(): number {
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...this.#registrations.map(({ announcement }) => announcement.wakeAtMs()),
    );
  }

  tick(): void {
    const now = this.#options.clock.nowMs();
    for (const registration of this.#registrations) {
      const { announcement } = registration;
      const before = announcement.state;
      for (let due = announcement.poll(now); due !== null; due = announcement.poll(now)) {
        if (due === "look-up") void this.#lookUp(registration);
        else if (announcement.endpoint !== null)
          this.#options.send(
            announcement.endpoint,
            due === "register" ? this.#introduction(registration, now) : keepAlive,
          );
      }
      if (announcement.state !== before) this.#options.onChange();
    }
  }

  close(): void {
    this.#closed = true;
    for (const { announcement } of this.#registrations)
      if (announcement.endpoint !== null) this.#options.send(announcement.endpoint, farewell);
  }

  async #lookUp(registration: Registration): Promise<void> {
    const { resolve, ownAddressTowards, clock, onChange } = this.#options;
    const endpoint = await resolve(registration.directory);
    if (endpoint !== null) registration.ownAddress = await ownAddressTowards(endpoint);
    if (this.#closed) return;
    registration.announcement.located(endpoint, clock.nowMs());
    onChange();
  }

  #introduction({ ownAddress }: Registration, nowMs: number): Uint8Array {
    return connectionlessDatagram({
      kind: "CLM_REGISTER_SERVER_EX",
      ...this.#options.own,
      permanent: nowMs - this.#startedAtMs >= permanentAfterMs,
      internalAddress: ownAddress,
      os: announcedSystem,
      version: this.#options.version,
    });
  }

  #at(endpoint: Endpoint): Registration | undefined {
    const key = endpointKey(endpoint);
    return this.#registrations.find(
      ({ announcement }) => announcement.endpoint !== null && endpointKey(announcement.endpoint) === key,
    );
  }
}

const keepAlive = connectionlessDatagram({ kind: "CLM_EMPTY_MESSAGE" });
const farewell = connectionlessDatagram({ kind: "CLM_UNREGISTER_SERVER" });
