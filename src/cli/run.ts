// `plugjam run`: a box, until it is asked to end.

import { loadConfig } from "../config/load-config.js";
import type { Config } from "../config/schema.js";
import type { ConfigResult } from "../config/validate.js";
import type { ConfigTrouble } from "../core/config-trouble.js";
import { start } from "../main.js";
import { complainOf, readConfig } from "./check.js";
import { configTrouble, reportedTrouble } from "./config-trouble.js";
import { isEmptied, keepAsLastGood, lastGood } from "./last-good.js";
import { complain, type ExitCode, messageOf } from "./output.js";

export interface RunOptions {
  /** Without it, every key has its default. */
  readonly config?: string;
  readonly set: readonly string[];
  readonly socket?: string;
}

export async function run({ config: file, set, socket }: RunOptions): Promise<ExitCode> {
  const sets = socket === undefined ? set : [...set, `control.socket=${JSON.stringify(socket)}`];
  const read: ConfigResult =
    file !== undefined && isEmptied(file)
      ? { ok: false, problems: [{ where: file, key: null, what: "is empty", allowed: null }] }
      : loadConfig(file ?? null, sets);
  if (!read.ok) complainOf(read.problems);
  const config = read.ok ? read.config : file === undefined ? null : readLastGood(file, sets);
  if (config === null) return 2;
  const trouble = troubleWith(read, file);
  try {
    const box = await start(config, trouble === null ? {} : { configTrouble: trouble });
    const problem = read.ok && file !== undefined ? await keepAsLastGood(file) : null;
    if (problem !== null) complain(`${file} cannot be kept for the day on which it is damaged: ${problem}`);
    await box.stopped;
    return 0;
  } catch (error) {
    complain(`The box cannot start: ${messageOf(error)}`);
    return 1;
  }
}

function troubleWith(read: ConfigResult, file: string | undefined): ConfigTrouble | null {
  if (!read.ok) return configTrouble(read.problems, "last-good");
  return file === undefined ? null : reportedTrouble(file);
}

/** Nobody may be there to mend the file, so the box does without the mistakes in it. */
function readLastGood(file: string, sets: readonly string[]): Config | null {
  const before = lastGood();
  const config = before === null ? null : readConfig(before, sets);
  if (config !== null) complain(`${file} is not good, so the box starts as it did last time.`);
  return config;
}
