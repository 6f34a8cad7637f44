// Child processes of tests: their last words are kept, and none outlives the tests.
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const keptLines = 80;
const graceMs = 5_000;

const running = new Set<TestProcess>();

export class TestProcess {
  readonly pid: number;
  /** Resolves with "exit N" or the name of the signal that ended it. */
  readonly ended: Promise<string>;
  /** The same, once it has ended; null before. */
  end: string | null = null;
  /** Hears each line as it is written. */
  onLine: (line: string) => void = () => {};

  readonly #child: ChildProcess;
  readonly #command: string;
  #lines: string[] = [];

  constructor(command: string, child: ChildProcess, ownFolder: string | null) {
    this.#command = command;
    this.#child = child;
    this.pid = child.pid ?? -1;
    let rest = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        this.#lines = [...this.#lines, ...lines].slice(-keptLines);
        for (const line of lines) this.onLine(line);
      });
    }
    this.ended = new Promise((resolve) => {
      const settle = (end: string) => {
        if (rest !== "") this.#lines.push(rest);
        this.end = end;
        running.delete(this);
        if (ownFolder !== null) rmSync(ownFolder, { recursive: true, force: true });
        resolve(end);
      };
      child.once("error", (error) => settle(error.message));
      child.once("close", (status, signal) => settle(signal ?? `exit ${status}`));
    });
    running.add(this);
  }

  /** The last lines it wrote, of standard output and error together. */
  log(): string {
    return this.#lines.join("\n");
  }

  /** For error messages: what it is, whether it still runs, and its last lines. */
  describe(): string {
    return `${this.#command} (${this.end ?? `running as ${this.pid}`})\n${this.log()}`;
  }

  signal(name: NodeJS.Signals): void {
    if (this.end === null) this.#child.kill(name);
  }

  /** Asks it to end, makes it end if it does not within 5 s, and resolves when it is gone. */
  async stop(): Promise<string> {
    this.signal("SIGTERM");
    await Promise.race([this.ended, sleep(graceMs, undefined, { ref: false })]);
    return this.kill();
  }

  /** Ends it as a power cut would, and resolves when it is gone. */
  async kill(): Promise<string> {
    this.signal("SIGKILL");
    return this.ended;
  }
}

export interface LaunchOptions {
  /** Added to the tests' own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** A folder that is removed when the program has ended. */
  readonly ownFolder?: string;
}

/**
 * Starts a program. The kernel ends it should the tests die without a word (setpriv asks for that), and a program left
 * running does not keep mocha from ending.
 */
export function launch(command: string, args: readonly string[], options: LaunchOptions = {}): TestProcess {
  const child = spawn("setpriv", ["--pdeathsig", "TERM", "--", command, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.unref();
  // Pipes of a child are sockets, whatever their type says.
  for (const pipe of [child.stdout, child.stderr]) (pipe as unknown as Socket).unref();
  return new TestProcess([command, ...args].join(" "), child, options.ownFolder ?? null);
}

/**
 * For an afterEach or after hook: ends whatever the tests left running, the youngest first, so that a program goes
 * before the one it leans on (a JACK server that loses its clients late leaves 100 MB of shared memory behind).
 */
export async function stopAllProcesses(): Promise<void> {
  for (const each of [...running].reverse()) await each.stop();
}
