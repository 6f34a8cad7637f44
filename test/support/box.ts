// A whole box as a process of its own, as `plugjam run` starts it, and a test's hands on it.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlClient } from "../../src/control/control-client.js";
import type { Status } from "../../src/core/status.js";
import { launch, type TestProcess } from "./process.js";
import { until } from "./until.js";

export interface BoxOptions {
  /** plugjam.toml, without [control]. Where neither it nor `sets` names a period of the card, it is 64 frames. */
  readonly config: string;
  /** More of the environment, such as a virtual card's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly sets?: readonly string[];
  /** A program and its arguments that run the box in turn. */
  readonly wrap?: readonly string[];
}

/** As the shipped `plugjam` starts Node. */
const heapKeptSmall = "--optimize-for-size";

export class TestBox {
  private constructor(
    readonly process: TestProcess,
    readonly folder: string,
    readonly control: ControlClient,
  ) {}

  static async start({ config, env = {}, sets = [], wrap = [] }: BoxOptions): Promise<TestBox> {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-box-"));
    const configPath = join(folder, "plugjam.toml");
    const socket = join(folder, "control.sock");
    writeFileSync(configPath, config);
    const args = [heapKeptSmall, "dist/src/cli.js", "run", "--config", configPath, "--socket", socket];
    const namesPeriod = [config, ...sets].some((text) => /\bperiod\s*=/.test(text));
    if (!namesPeriod) args.push("--set", "audio.period=64");
    for (const set of sets) args.push("--set", set);
    const [program = process.execPath, ...rest] = [...wrap, process.execPath, ...args];
    const running = launch(program, rest, {
      // A machine's extra certificates, which Node reads at each start: no box has them.
      env: { NODE_EXTRA_CA_CERTS: undefined, STATE_DIRECTORY: folder, ...env },
      ownFolder: folder,
    });
    const control = await until("the box's control socket", () => ControlClient.connect(socket), {
      hopeless: () => running.end && running.describe(),
    });
    // The kernel takes callers as soon as there is a socket; a box that answers is on its feet.
    await control.call("status", {});
    return new TestBox(running, folder, control);
  }

  status(): Promise<Status> {
    return this.control.call("status", {});
  }

  press(button: "connect" | "mute"): Promise<unknown> {
    return this.control.call("press", { button });
  }

  /** Asks for the status until it is as wished, and gives that status. */
  async reaches(what: string, wished: (status: Status) => boolean, deadlineMs?: number): Promise<Status> {
    let last: Status | null = null;
    try {
      return await until(
        `the box to be ${what}`,
        async () => {
          last = await this.status();
          return wished(last) && last;
        },
        {
          hopeless: () => this.process.end && this.process.describe(),
          ...(deadlineMs ? { deadlineMs } : {}),
        },
      );
    } catch (cause) {
      throw new Error(`${String(cause)}\n${JSON.stringify(last, null, 1)}\n${this.process.describe()}`, {
        cause,
      });
    }
  }

  /** Connected, and the server's sound is being played. */
  plays(): Promise<Status> {
    return this.reaches("playing", (status) => status.connection.heard && status.connection.joinMs !== null);
  }

  /** SIGTERM: it takes its leave. */
  async stop(): Promise<string> {
    const end = await this.process.stop();
    this.control.close();
    return end;
  }
}
