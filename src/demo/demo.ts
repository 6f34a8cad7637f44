// `plugjam demo`: a box on a virtual sound card plays a tune to a hub of its own, and hears it back.

import path from "node:path";
import type { ReadStream, WriteStream } from "node:tty";
import { createVirtualCard } from "../audio/virtual-card.js";
import { readConfig } from "../cli/check.js";
import { complain, type ExitCode, messageOf } from "../cli/output.js";
import type { Config } from "../config/schema.js";
import { createLogger } from "../lib/logger.js";
import { start } from "../main.js";
import { figuresOf, summaryOf } from "./demo-figures.js";
import { openDemoPanel } from "./demo-panel.js";
import { demoSettings } from "./demo-settings.js";
import { Ending } from "./ending.js";
import { freePort } from "./free-port.js";
import { HeldLog } from "./held-log.js";
import { makeTemporaryFolder } from "./temporary-folder.js";

export interface DemoOptions {
  /** An ALSA PCM to play on; the virtual card if left out. */
  readonly device?: string;
  /** How long to run; until somebody ends it if left out. */
  readonly seconds?: number;
  /** "KEY=VALUE" over the demo's own configuration. */
  readonly sets: readonly string[];
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
}

/** Gives the exit code when the demo is over and all it made is gone again. */
export async function runDemo(options: DemoOptions): Promise<ExitCode> {
  const folder = makeTemporaryFolder();
  const ending = new Ending();
  try {
    const device = options.device ?? virtualCard(folder.path);
    const settings = demoSettings({ folder: folder.path, port: await freePort(), device });
    const config = readConfig(null, [...settings, ...options.sets]);
    return config === null ? 2 : await play(config, folder.path, ending, options);
  } catch (error) {
    complain(messageOf(error));
    return 1;
  } finally {
    ending.forget();
    folder.remove();
  }
}

/** Makes a card that plays the tune, and tells this process' ALSA of it. */
function virtualCard(folder: string): string {
  const { device, env } = createVirtualCard(path.join(folder, "card"), { source: { type: "tune" } });
  Object.assign(process.env, env);
  return device;
}

async function play(config: Config, folder: string, ending: Ending, options: DemoOptions): Promise<ExitCode> {
  const { device, seconds, stdin, stdout } = options;
  const log = new HeldLog(process.stderr);
  const logger = createLogger(config.log.level, stdout.isTTY ? log : process.stderr);
  const box = await start(config, { logger, stateFolder: path.join(folder, "state") });
  let status = box.status();
  const panel = openDemoPanel({
    title: `Plugjam demo: ${device ?? "a tune on a virtual sound card"}`,
    stdin,
    stdout,
    onQuit: () => ending.now(),
    figures: () => {
      status = box.status();
      return figuresOf(status);
    },
  });
  box.attach(panel.display, panel.buttons);
  // The box hears signals too and closes its engine; this listener comes first.
  ending.signal.addEventListener("abort", () => {
    status = box.status();
  });
  if (seconds !== undefined) ending.after(seconds);
  await Promise.race([ending.reached, box.stopped]);
  panel.display.close();
  await box.stop();
  log.release();
  stdout.write(`${summaryOf(status)}\n`);
  return 0;
}
