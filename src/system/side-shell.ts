// A shell that runs commands for the box while it plays: were the box to fork, its audio thread would have to wait.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A command that takes longer has failed. */
const patienceS = 2;

/**
 * For each line a command, without expansions; then a line with its exit status, which no command of ours prints. It
 * begins on a new line, since a command that is cut off may end in the middle of one.
 */
const script = `set -f; while read -r words; do timeout -k 1 ${patienceS} $words 2>/dev/null; printf '\\nexit %s\\n' "$?"; done`;

const path = "/usr/sbin:/usr/bin:/sbin:/bin";

/** Forks once, when it is made: make it before there is sound. It ends with the box, however that ends. */
export class SideShell {
  readonly #shell: ChildProcess;
  #printed: string[] = [];
  /** Who waits for which command, the first in turn first. */
  #waiting: ((printed: string | null) => void)[] = [];
  #ended = false;

  constructor() {
    this.#shell = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore"], env: { PATH: path } });
    this.#shell.unref();
    // A shell that is not there fails every command, and says so by its end.
    this.#shell.on("error", () => this.#end());
    this.#shell.on("close", () => this.#end());
    this.#shell.stdin?.on("error", () => {});
    if (this.#shell.stdout)
      createInterface({ input: this.#shell.stdout }).on("line", (line) => this.#hear(line));
  }

  /** What the command prints; null if it fails. Its words may have no blank in them. One command runs after the other. */
  readonly run = (...words: readonly string[]): Promise<string | null> => {
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#shell.stdin?.write(`${words.join(" ")}\n`);
    });
  };

  /** Whoever still waits gets null. */
  close(): void {
    this.#shell.stdin?.end();
    this.#end();
  }

  #hear(line: string): void {
    const status = /^exit (\d+)$/.exec(line)?.[1];
    if (status === undefined) {
      this.#printed.push(line);
      return;
    }
    const printed = this.#printed.join("\n").replace(/\n?$/, "");
    this.#printed = [];
    this.#waiting.shift()?.(status === "0" ? printed : null);
  }

  #end(): void {
    this.#ended = true;
    for (const resolve of this.#waiting.splice(0)) resolve(null);
  }
}
