// One program at the control socket: its lines in, ours out, and the end of one that does not behave.

import type { Socket } from "node:net";
import { createJSONRPCErrorResponse, JSONRPCErrorCode, type JSONRPCServer } from "json-rpc-2.0";
import { LineReader } from "./line-reader.js";
import type { Caller } from "./methods.js";

export const maxLineBytes = 64 * 1024;
/** A caller for whom more than this waits to be read is dropped. */
const maxQueuedBytes = 1024 * 1024;
/** How long a caller that was told goodbye may take to hang up. */
const goodbyeMs = 1000;

export interface CallerEvents {
  watching(caller: SocketCaller): void;
  /** The caller left too much unread. */
  dropped(caller: SocketCaller): void;
  closed(caller: SocketCaller): void;
}

export class SocketCaller implements Caller {
  readonly #socket: Socket;
  readonly #rpc: JSONRPCServer<Caller>;
  readonly #events: CallerEvents;
  readonly #lines = new LineReader(maxLineBytes);
  /** Answers go out in the order of the questions. */
  #work: Promise<void> = Promise.resolve();
  /** News that came before the answer to `watch` is out: the latest is shown after it. */
  #news: "pass" | "hold" | { readonly held: string } = "pass";
  #isLeaving = false;

  constructor(socket: Socket, rpc: JSONRPCServer<Caller>, events: CallerEvents) {
    this.#socket = socket;
    this.#rpc = rpc;
    this.#events = events;
    // What breaks the connection closes it too.
    socket.on("error", () => {});
    socket.on("close", () => events.closed(this));
    socket.on("data", (chunk) => this.#received(chunk));
  }

  watch(): void {
    this.#news = "hold";
    this.#events.watching(this);
  }

  /** Sends one line of news. */
  show(line: string): void {
    if (this.#news === "pass") this.#send(line);
    else this.#news = { held: line };
  }

  /** Tells the caller why, and ends the connection. */
  sendAway(code: number, message: string): void {
    this.#send(JSON.stringify(createJSONRPCErrorResponse(null, code, message)));
    this.#isLeaving = true;
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), goodbyeMs);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  close(): void {
    this.#isLeaving = true;
    this.#socket.destroy();
  }

  #received(chunk: Buffer): void {
    if (this.#isLeaving) return;
    const { lines, tooLong } = this.#lines.push(chunk);
    for (const line of lines) {
      if (line.trim() !== "") this.#work = this.#work.then(() => this.#answer(line));
    }
    if (!tooLong) return;
    const message = `A line may have ${maxLineBytes} bytes at most.`;
    this.#work = this.#work.then(() => this.sendAway(JSONRPCErrorCode.InvalidRequest, message));
  }

  async #answer(line: string): Promise<void> {
    try {
      const response = await this.#rpc.receiveJSON(line, this);
      if (response !== null) this.#send(JSON.stringify(response));
    } catch {
      // The library throws at requests that are no objects.
      const response = createJSONRPCErrorResponse(null, JSONRPCErrorCode.InvalidRequest, "Invalid Request");
      this.#send(JSON.stringify(response));
    }
    const news = this.#news;
    this.#news = "pass";
    if (typeof news === "object") this.#send(news.held);
  }

  #send(line: string): void {
    if (this.#isLeaving) return;
    this.#socket.write(`${line}\n`);
    if (this.#socket.writableLength <= maxQueuedBytes) return;
    this.#events.dropped(this);
    this.close();
  }
}
