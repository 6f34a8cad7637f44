// The control socket: JSON-RPC 2.0, one object a line, for whoever may open the file.

import { createServer, type Server, type Socket } from "node:net";
import { createJSONRPCNotification, type JSONRPCServer } from "json-rpc-2.0";
import type { Logger } from "pino";
import type { Scheduler } from "../lib/clock.js";
import type { ControlledBox } from "./controlled-box.js";
import { Finger } from "./finger.js";
import { type Caller, notNow, rpcServer } from "./methods.js";
import { type CallerEvents, SocketCaller } from "./socket-caller.js";
import { listenAt } from "./socket-file.js";

export const maxCallers = 32;

export interface ControlServerOptions {
  /** Where the socket is made; at most 107 bytes. */
  readonly path: string;
  readonly box: ControlledBox;
  /** Times the presses. */
  readonly clock: Scheduler;
  readonly logger: Pick<Logger, "warn" | "error">;
}

export class ControlServer {
  readonly #path: string;
  readonly #box: ControlledBox;
  readonly #logger: ControlServerOptions["logger"];
  readonly #finger: Finger;
  readonly #rpc: JSONRPCServer<Caller>;
  readonly #server: Server;
  readonly #callers = new Set<SocketCaller>();
  readonly #watchers = new Set<SocketCaller>();
  #unsubscribe: (() => void) | null = null;

  constructor({ path, box, clock, logger }: ControlServerOptions) {
    this.#path = path;
    this.#box = box;
    this.#logger = logger;
    this.#finger = new Finger(box, clock);
    this.#rpc = rpcServer(box, this.#finger, (error) =>
      logger.error({ err: error }, "a request at the control socket failed"),
    );
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Makes the socket, mode 0660. Gives null, or one line on why there is none; rejects where another box lives. */
  async start(): Promise<string | null> {
    const problem = await listenAt(this.#path, this.#server);
    if (problem === null) {
      this.#server.on("error", (error) => this.#logger.error({ err: error }, "the control socket failed"));
    }
    return problem;
  }

  /** Hangs up on everybody and takes the socket away. */
  stop(): Promise<void> {
    this.#finger.stop();
    for (const caller of this.#callers) caller.close();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(socket: Socket): void {
    const isOneTooMany = this.#callers.size >= maxCallers;
    const caller = new SocketCaller(socket, this.#rpc, this.#callerEvents);
    if (isOneTooMany) caller.sendAway(notNow, `${maxCallers} programs are here already; try again later.`);
    else this.#callers.add(caller);
  }

  readonly #callerEvents: CallerEvents = {
    watching: (caller) => {
      this.#watchers.add(caller);
      this.#unsubscribe ??= this.#box.onChange(() => this.#tellWatchers());
    },
    dropped: () =>
      this.#logger.warn("dropped a program at the control socket that does not read its answers"),
    closed: (caller) => {
      this.#callers.delete(caller);
      this.#watchers.delete(caller);
      if (this.#watchers.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = null;
    },
  };

  #tellWatchers(): void {
    const line = JSON.stringify(createJSONRPCNotification("status", this.#box.status()));
    for (const caller of this.#watchers) caller.show(line);
  }
}
