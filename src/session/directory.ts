// Finds a server by its name on a directory's list: "directory:host" instead of the server's own address (spec 7.3, 7.6).

import type { AudioEngine, Endpoint } from "../audio/engine.js";
import type { Cancel, Clock, Scheduler } from "../lib/clock.js";
import { connectionlessDatagram, decodeMessage, type Message, parseEnvelope } from "../protocol/index.js";
import type { Resolution } from "./resolve.js";

/** Asked again so often, as Jamulus does, until the list comes. */
const askEveryMs = 2000;
const maxQuestions = 3;

/** The short list comes first and has all that is needed; the full one may be lost on its way (spec 1.5). */
const question = connectionlessDatagram({ kind: "CLM_REQ_SERVER_LIST" });

export interface DirectoryLookUpOptions {
  readonly engine: Pick<AudioEngine, "admit" | "dismiss" | "send">;
  readonly clock: Clock & Scheduler;
  readonly directory: Endpoint;
  /** As the server calls itself on the list; case and blanks around it do not matter. */
  readonly serverName: string;
}

/** One look-up. Messages of the engine go to `receive` until `result` is there. */
export class DirectoryLookUp {
  /** Never rejects. Not found: no answer, or no such name on the list. */
  readonly result: Promise<Resolution>;
  readonly #options: DirectoryLookUpOptions;
  #settle: (resolution: Resolution) => void = () => {};
  #cancelTimer: Cancel = () => {};
  #asked = 0;
  #over = false;

  /** Asks at once. The directory learns our address by it. */
  constructor(options: DirectoryLookUpOptions) {
    this.#options = options;
    this.result = new Promise((settle) => {
      this.#settle = settle;
    });
    options.engine.admit(options.directory);
    this.#ask();
  }

  /** True if it was for this look-up. A server behind the directory's own address is not taken for the directory. */
  receive(from: Endpoint, datagram: Uint8Array): boolean {
    const { directory } = this.#options;
    if (this.#over || from.address !== directory.address || from.port !== directory.port) return false;
    const message = read(datagram);
    if (message?.kind !== "CLM_RED_SERVER_LIST" && message?.kind !== "CLM_SERVER_LIST") return false;
    const entry = message.servers.find((server) => this.#isIt(server.serverName) && isReachable(server));
    if (entry !== undefined)
      this.#end({
        found: true,
        endpoint: isDirectory(entry) ? directory : { address: entry.address, port: entry.port },
      });
    else if (message.kind === "CLM_SERVER_LIST") this.#end(this.#notFound());
    return true;
  }

  /** Nobody wants to know any more; `result` stays open for ever. */
  cancel(): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    this.#options.engine.dismiss(this.#options.directory);
  }

  #ask(): void {
    const { engine, clock, directory } = this.#options;
    if (this.#asked === maxQuestions) {
      this.#end(this.#notFound());
      return;
    }
    this.#asked += 1;
    engine.send(directory, question);
    this.#cancelTimer = clock.after(askEveryMs, () => this.#ask());
  }

  #isIt(serverName: string): boolean {
    return plain(serverName) === plain(this.#options.serverName);
  }

  #notFound(): Resolution {
    return { found: false, host: this.#options.serverName };
  }

  #end(resolution: Resolution): void {
    if (this.#over) return;
    this.cancel();
    this.#settle(resolution);
  }
}

/** The directory lists itself without an address: it cannot see its own. */
function isDirectory({ address, port }: Endpoint): boolean {
  return address === "0.0.0.0" && port === 0;
}

/** A list may have servers with no port, which nobody can join. */
function isReachable(listed: Endpoint): boolean {
  return listed.port !== 0 || isDirectory(listed);
}

function plain(name: string): string {
  return name.trim().toLowerCase();
}

function read(datagram: Uint8Array): Message | null {
  const envelope = parseEnvelope(datagram);
  if (!envelope.ok) return null;
  const decoded = decodeMessage(envelope.id, envelope.body);
  return decoded.ok ? decoded.message : null;
}
