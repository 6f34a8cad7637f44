// `plugjam run`: a box, until it is asked to end.

import { start } from "../main.js";
import { readConfig } from "./check.js";
import { complain, type ExitCode, messageOf } from "./output.js";

export interface RunOptions {
  /** Without it, every key has its default. */
  readonly config?: string;
  readonly set: readonly string[];
  readonly socket?: string;
}

export async function run({ config: file, set, socket }: RunOptions): Promise<ExitCode> {
  const sets = socket === undefined ? set : [...set, `control.socket=${JSON.stringify(socket)}`];
  const config = readConfig(file ?? null, sets);
  if (config === null) return 2;
  try {
    const box = await start(config);
    await box.stopped;
    return 0;
  } catch (error) {
    complain(`The box cannot start: ${messageOf(error)}`);
    return 1;
  }
}
