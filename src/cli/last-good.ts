// The configuration with which the box last started: it plays on with that if a power cut leaves half a file.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../lib/replace-file.js";
import { stateFolder } from "../system/wanted-store.js";

const copy = () => join(stateFolder(), "last-good.toml");

/**
 * The file to read in place of one that is damaged; null: there never was a good one. Only a service, to which systemd
 * gives a folder, has one: whoever starts a box by hand is there to mend what is wrong.
 */
export function lastGood(env: NodeJS.ProcessEnv = process.env): string | null {
  return env.STATE_DIRECTORY !== undefined && existsSync(copy()) ? copy() : null;
}

/** Null: it is kept. Otherwise why it is not. */
export async function keepAsLastGood(file: string): Promise<string | null> {
  try {
    const text = readFileSync(file, "utf8");
    // Memory cards wear out.
    if (!existsSync(copy()) || readFileSync(copy(), "utf8") !== text) await replaceFile(copy(), text);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
