// The emulator's own remote control (QMP): one command at a time, and its answer.

import type { Socket } from "node:net";
import { lineSocket } from "./line-socket.js";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Qmp {
  #socket: Socket | null = null;
  readonly #waiting: Waiting[] = [];
  readonly #events: string[] = [];

  static async connect(path: string, hopeless: () => string | null): Promise<Qmp> {
    const qmp = new Qmp();
    qmp.#socket = await lineSocket(path, (line) => qmp.#hear(line), hopeless);
    await qmp.command("qmp_capabilities");
    return qmp;
  }

  command(execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#socket?.write(`${JSON.stringify({ execute, arguments: args })}\n`);
    });
  }

  /** Names of what happened so far, such as DEVICE_DELETED. */
  get events(): readonly string[] {
    return this.#events;
  }

  #hear(line: string): void {
    const message = JSON.parse(line) as {
      return?: unknown;
      error?: { desc: string };
      event?: string;
    };
    if (message.event !== undefined) this.#events.push(message.event);
    else if (message.error) this.#waiting.shift()?.reject(new Error(message.error.desc));
    else if ("return" in message) this.#waiting.shift()?.resolve(message.return);
  }
}
