// The other end of the control socket, for the command line and for tests.

import { connect, type Socket } from "node:net";
import { JSONRPCClient, type JSONRPCResponse } from "json-rpc-2.0";
import type { Status } from "../core/status.js";
import { LineReader } from "./line-reader.js";
import type { Method, Params, Result } from "./methods.js";

/** More than any status has. */
const maxLineBytes = 16 * 1024 * 1024;

export class ControlClient {
  readonly #socket: Socket;
  readonly #rpc: JSONRPCClient;
  readonly #lines = new LineReader(maxLineBytes);
  #news: (status: Status) => void = () => {};
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;

  /** Rejects with Node's error, whose `code` is ENOENT or ECONNREFUSED where no box is. */
  static connect(path: string): Promise<ControlClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        resolve(new ControlClient(socket));
      });
    });
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#rpc = new JSONRPCClient((request) => {
      socket.write(`${JSON.stringify(request)}\n`);
    });
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#received(chunk));
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#rpc.rejectAllPendingRequests("The box hung up.");
        resolve();
      });
    });
  }

  /** Rejects with an Error whose message is the box's sentence, and whose `code` is JSON-RPC's. */
  async call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    if (this.#socket.destroyed) throw new Error("The box hung up.");
    return await this.#rpc.request(method, params);
  }

  /** Gives the present status, and calls `changed` with each one after it. */
  watch(changed: (status: Status) => void): Promise<Status> {
    this.#news = changed;
    return this.call("watch", {});
  }

  close(): void {
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    const { lines, tooLong } = this.#lines.push(chunk);
    try {
      for (const line of lines) this.#understand(JSON.parse(line));
    } catch {
      // Whoever listens there is no box.
      this.close();
    }
    if (tooLong) this.close();
  }

  #understand(message: JSONRPCResponse | { readonly method: "status"; readonly params: Status }): void {
    if ("method" in message) this.#news(message.params);
    else this.#rpc.receive(message);
  }
}
