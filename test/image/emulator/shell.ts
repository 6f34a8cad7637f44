// A root shell inside the emulated box, over a serial port that only the tests give it.

import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { lineSocket } from "./line-socket.js";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export class Shell {
  readonly #socket: Socket;
  readonly #hopeless: () => string | null;
  #count = 0;
  #text = "";
  #settle: ((answer: Answer) => void) | null = null;

  private constructor(socket: Socket, hopeless: () => string | null) {
    this.#socket = socket;
    this.#hopeless = hopeless;
  }

  /** Resolves once the shell answers: it is there from early in the boot on. */
  static async connect(path: string, hopeless: () => string | null): Promise<Shell> {
    const heard: ((line: string) => void)[] = [];
    const socket = await lineSocket(path, (line) => heard[0]?.(line), hopeless);
    const shell = new Shell(socket, hopeless);
    heard.push((line) => shell.#hear(line));
    // What is written before the port is open in there is lost. A plain sh edits no lines, and need not echo them.
    for (let asked = 0; asked < 100; asked++) {
      shell.say("exec sh");
      const answer = await shell.#ask("stty -F /dev/ttyS0 -echo; PS1=; PS2=", 3_000);
      if (answer !== null) return shell;
    }
    throw new Error("no shell answers on the serial port");
  }

  /** Runs a command; gives its exit status, and what it wrote to both outputs. */
  async run(command: string, deadlineMs = 120_000): Promise<Answer> {
    const answer = await this.#ask(command, deadlineMs);
    if (answer === null) throw new Error(`no answer in ${deadlineMs} ms to: ${command}\n${this.#text}`);
    return answer;
  }

  /** The same, for a command that must succeed. */
  async output(command: string, deadlineMs?: number): Promise<string> {
    const { status, text } = await this.run(command, deadlineMs);
    if (status !== 0) throw new Error(`exit ${status}: ${command}\n${text}`);
    return text;
  }

  /** Sends it, and waits for nothing. */
  say(command: string): void {
    this.#socket.write(`${command}\n`);
  }

  async #ask(command: string, deadlineMs: number): Promise<Answer | null> {
    const reason = this.#hopeless();
    if (reason !== null) throw new Error(`the box is gone: ${reason}`);
    this.#count++;
    this.#text = "";
    const timeout = new AbortController();
    const answer = new Promise<Answer>((resolve) => {
      this.#settle = resolve;
    });
    // The shell may echo the line: the mark is never written out in it.
    this.say(`{ ${command}\n} 2>&1 </dev/null; printf '\\n%s-%d %d\\n' @mark ${this.#count} $?`);
    const late = sleep(deadlineMs, null, { signal: timeout.signal, ref: false }).catch(() => null);
    const result = await Promise.race([answer, late]);
    timeout.abort();
    this.#settle = null;
    return result;
  }

  #hear(raw: string): void {
    const line = raw.replace(/\r+$/, "");
    const mark = /^@mark-(\d+) (\d+)$/.exec(line);
    if (mark === null) this.#text += `${line}\n`;
    else if (Number(mark[1]) === this.#count)
      this.#settle?.({ status: Number(mark[2]), text: this.#text.trim() });
  }
}
