// A program at the control socket that sends whatever it likes, line by line.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface, type Interface } from "node:readline";

export class RawCaller {
  readonly socket: Socket;
  readonly #lines: AsyncIterator<string>;
  readonly #interface: Interface;

  static async at(path: string): Promise<RawCaller> {
    const socket = connect(path);
    await once(socket, "connect");
    return new RawCaller(socket);
  }

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    this.#interface = createInterface(socket);
    this.#lines = this.#interface[Symbol.asyncIterator]();
  }

  send(text: string): void {
    this.socket.write(text);
  }

  /** The next line, parsed; undefined when the box has hung up. */
  async next(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : JSON.parse(value);
  }

  async ask(text: string): Promise<unknown> {
    this.send(`${text}\n`);
    return await this.next();
  }

  close(): void {
    this.socket.destroy();
  }
}
