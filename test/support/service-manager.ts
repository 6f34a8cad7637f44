// A stand-in for systemd: hears what a service tells it, takes a silent one for hung, and starts it anew when it has ended.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestBox } from "./box.js";
import { launch, type TestProcess } from "./process.js";
import { until } from "./until.js";

/** Node has no sockets of this kind. One line for each datagram. */
const receiver = `
import socket, sys
name = sys.argv[1]
heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
heard.bind("\\0" + name[1:] if name.startswith("@") else name)
print("listening", flush=True)
while True:
    print(heard.recv(4096).decode().replace("\\n", " "), flush=True)
`;

/** As the unit file has it. */
const restartMs = 100;

export interface ServiceOptions {
  readonly config: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly watchdogMs?: number;
  /** A name for an abstract socket in place of a path. */
  readonly abstract?: string;
}

export class ServiceManager {
  /** What the service told, oldest first. */
  readonly told: string[] = [];
  /** How the services that were ended. */
  readonly ends: string[] = [];
  /** Kept from one start to the next. */
  readonly stateFolder = mkdtempSync(join(tmpdir(), "plugjam-state-"));
  /** The one that runs, or ran last. */
  box!: TestBox;
  readonly #options: ServiceOptions;
  readonly #socket: string;
  readonly #receiver: TestProcess;
  /** Before it is, nobody watches it. */
  #isReady = false;
  #heardAtMs = 0;
  #stopping = false;

  private constructor(options: ServiceOptions) {
    this.#options = options;
    this.#socket = options.abstract ? `@${options.abstract}` : join(this.stateFolder, "notify");
    this.#receiver = launch("python3", ["-u", "-c", receiver, this.#socket], { ownFolder: this.stateFolder });
    this.#receiver.onLine = (line) => {
      this.told.push(line);
      this.#isReady ||= line.startsWith("READY=1");
      this.#heardAtMs = performance.now();
    };
  }

  static async start(options: ServiceOptions): Promise<ServiceManager> {
    const manager = new ServiceManager(options);
    await until("the manager's socket", () => manager.told.shift() === "listening");
    await manager.#startBox();
    return manager;
  }

  /** Lets the service take its leave. */
  async stop(): Promise<string> {
    this.#stopping = true;
    const end = await this.box.stop();
    await this.#receiver.stop();
    rmSync(this.stateFolder, { recursive: true, force: true });
    return end;
  }

  /** Resolves when a service after the first `count` is there to be asked. */
  async startedAgain(count: number): Promise<TestBox> {
    await until(`start ${count + 1}`, () => this.ends.length === count && this.box.process.end === null);
    return this.box;
  }

  async #startBox(): Promise<void> {
    const { config, env, watchdogMs } = this.#options;
    this.#isReady = false;
    this.box = await TestBox.start({
      config,
      env: {
        ...env,
        STATE_DIRECTORY: this.stateFolder,
        NOTIFY_SOCKET: this.#socket,
        ...(watchdogMs && { WATCHDOG_USEC: String(watchdogMs * 1000) }),
      },
    });
    void this.#watch(this.box);
  }

  async #watch({ process }: TestBox): Promise<void> {
    const { watchdogMs } = this.#options;
    const look = setInterval(() => {
      const silentMs = this.#isReady ? performance.now() - this.#heardAtMs : 0;
      if (!watchdogMs || silentMs <= watchdogMs) return;
      clearInterval(look);
      process.signal("SIGABRT");
    }, 20);
    const end = await process.ended;
    clearInterval(look);
    if (this.#stopping) return;
    this.ends.push(end);
    await sleep(restartMs);
    await this.#startBox();
  }
}
