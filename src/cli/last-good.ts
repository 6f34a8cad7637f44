// The configuration with which the box last started: it plays on with that if a power cut leaves half a file.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../lib/replace-file.js";
import { stateFolder } from "../system/wanted-store.js";

const copy = () => join(stateFolder(), "last-good.toml");

/** Whoever starts a box by hand is there to mend what is wrong; a service, to which systemd gives a folder, is alone. */
const isService = () => process.env.STATE_DIRECTORY !== undefined;

/** The file to read in place of one that is damaged; null: there never was a good one, or this is no service. */
export function lastGood(): string | null {
  return isService() && existsSync(copy()) ? copy() : null;
}

/** A power cut may leave nothing at all of a file, which by itself would be good: every key has a default. */
export function isEmptied(file: string): boolean {
  const before = lastGood();
  if (before === null || !existsSync(file)) return false;
  return readFileSync(file, "utf8").trim() === "" && readFileSync(before, "utf8").trim() !== "";
}

/** Null: it is kept, or need not be. Otherwise why it is not. */
export async function keepAsLastGood(file: string): Promise<string | null> {
  if (!isService()) return null;
  try {
    const text = readFileSync(file, "utf8");
    // Memory cards wear out.
    if (!existsSync(copy()) || readFileSync(copy(), "utf8") !== text) await replaceFile(copy(), text);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
