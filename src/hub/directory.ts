// The list of servers that a directory keeps: who registers, who is shown to whom, who is forgotten (spec 7.2, 7.3).

import { isIPv4 } from "node:net";
import type { Endpoint } from "../audio/engine.js";
import { type MessageOf, maxBodyBytes, type ServerEntry } from "../protocol/index.js";
import { endpointKey, isPrivate, networkOf } from "./networks.js";

/** With the directory itself. */
const capacity = 150;
/** Of one network that is not our own, so that nobody fills the list alone. */
const perPublicNetwork = 16;

const minutes = 60_000;
const expiryMs = 33 * minutes;
const checkEveryMs = 1 * minutes;
const keepAliveEveryMs = 59_000;

/**
 * How a server, or the directory, introduces itself; `internalAddress` and `port` are those within its own network, ""
 * and 0 where it does not say.
 */
export type ServerInfo = Omit<ServerEntry, "address">;

export interface Registered {
  /** Where it registered from. */
  readonly endpoint: Endpoint;
  readonly info: ServerInfo;
}

interface Entry extends Registered {
  readonly registeredAtMs: number;
  /** It has sent something since we last did: only then we send, so nothing goes where nobody is. */
  heard: boolean;
}

/** Results of a registration, as in `registrationResults`. */
export const accepted = 0;
const listFull = 1;
const refused = 3;

export interface DirectoryOptions {
  readonly own: ServerInfo;
  /** May a server of this address be listed? */
  readonly admits: (address: string) => boolean;
}

/** Times are milliseconds of a clock that never goes back. */
export class Directory {
  readonly #options: DirectoryOptions;
  #entries = new Map<string, Entry>();
  #checkAtMs: number;
  #keepAliveAtMs: number;

  constructor(options: DirectoryOptions, nowMs: number) {
    this.#options = options;
    this.#checkAtMs = nowMs + checkEveryMs;
    this.#keepAliveAtMs = nowMs + keepAliveEveryMs;
  }

  /** Servers registered, in the order in which they came; the directory itself is not among them. */
  get registered(): readonly Registered[] {
    return [...this.#entries.values()].map(({ endpoint, info }) => ({ endpoint, info }));
  }

  /** Takes up again what was registered before a restart; each has its full time again. */
  restore(registered: readonly Registered[], nowMs: number): void {
    for (const { endpoint, info } of registered) this.register(endpoint, info, nowMs);
  }

  /** Gives the result to answer with. */
  register(from: Endpoint, info: ServerInfo, nowMs: number): number {
    // The list has room for IPv4 only.
    if (!isIPv4(from.address) || !this.#options.admits(from.address)) return refused;
    const key = endpointKey(from);
    if (!this.#entries.has(key)) {
      if (this.#entries.size >= capacity - 1) return listFull;
      if (!isPrivate(from.address) && this.#neighbours(from.address) >= perPublicNetwork) return listFull;
    }
    this.#entries.set(key, { endpoint: from, info, registeredAtMs: nowMs, heard: true });
    return accepted;
  }

  /** True if it was registered. */
  unregister(from: Endpoint): boolean {
    return this.#entries.delete(endpointKey(from));
  }

  /** The server has sent a sign of life. */
  heard(from: Endpoint): void {
    const entry = this.#entries.get(endpointKey(from));
    if (entry !== undefined) entry.heard = true;
  }

  /** The answer to CLM_REQ_SERVER_LIST, in its order, and the servers that shall open their way to the asker. */
  answerTo(asker: Endpoint): {
    readonly lists: readonly [MessageOf<"CLM_RED_SERVER_LIST">, MessageOf<"CLM_SERVER_LIST">];
    readonly openers: readonly {
      readonly to: Endpoint;
      readonly message: MessageOf<"CLM_SEND_EMPTY_MESSAGE">;
    }[];
  } {
    const shown = [...this.#entries.values()].map((entry) => ({ entry, at: shownAddress(entry, asker) }));
    const servers = [
      { address: "0.0.0.0", ...this.#options.own, port: 0, permanent: true, internalAddress: "" },
      ...shown.map(({ entry: { info }, at }) => ({
        ...info,
        address: at.address,
        port: at.port,
        internalAddress: "",
      })),
    ];
    const openers = isIPv4(asker.address)
      ? shown
          .filter(({ entry }) => !isPrivate(entry.endpoint.address))
          .map(({ at }) => ({ to: at, message: { kind: "CLM_SEND_EMPTY_MESSAGE", ...asker } as const }))
      : [];
    return {
      lists: [
        {
          kind: "CLM_RED_SERVER_LIST",
          servers: servers.map(({ address, port, serverName }) => ({ address, port, serverName })),
        },
        { kind: "CLM_SERVER_LIST", servers: fitting(servers) },
      ],
      openers,
    };
  }

  /** Forgets who has not registered for long. Gives those to whom CLM_EMPTY_MESSAGE is due, and whether some went. */
  tick(nowMs: number): { readonly keepAlive: readonly Endpoint[]; readonly changed: boolean } {
    const before = this.#entries.size;
    if (nowMs >= this.#checkAtMs) {
      this.#checkAtMs = nowMs + checkEveryMs;
      for (const [key, { registeredAtMs }] of this.#entries)
        if (nowMs - registeredAtMs > expiryMs) this.#entries.delete(key);
    }
    const keepAlive: Endpoint[] = [];
    if (nowMs >= this.#keepAliveAtMs) {
      this.#keepAliveAtMs = nowMs + keepAliveEveryMs;
      for (const entry of this.#entries.values()) {
        if (entry.heard) keepAlive.push(entry.endpoint);
        entry.heard = false;
      }
    }
    return { keepAlive, changed: this.#entries.size !== before };
  }

  wakeAtMs(): number {
    return Math.min(this.#checkAtMs, this.#keepAliveAtMs);
  }

  #neighbours(address: string): number {
    const network = networkOf(address);
    return [...this.#entries.values()].filter(({ endpoint }) => networkOf(endpoint.address) === network)
      .length;
  }
}

/** Where the asker reaches the server: from outside by its public address, from the same network by its own (spec 7.3). */
function shownAddress({ endpoint, info }: Registered, asker: Endpoint): Endpoint {
  if (isPrivate(asker.address)) return endpoint;
  if (!isPrivate(endpoint.address) && endpoint.address !== asker.address) return endpoint;
  const internal = isIPv4(info.internalAddress) ? info.internalAddress : "127.0.0.1";
  return { address: internal, port: info.port || endpoint.port };
}

/** As many servers as fit one datagram; their names may be long. */
function fitting(servers: readonly ServerEntry[]): ServerEntry[] {
  let bytes = 0;
  return servers.filter(({ serverName, city }) => {
    bytes += 16 + Buffer.byteLength(serverName) + Buffer.byteLength(city);
    return bytes <= maxBodyBytes;
  });
}
