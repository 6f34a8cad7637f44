// Tells what the updater is at: in the log, and in a file, from which the box has what its display says.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Update } from "../../src/core/update.js";
import type { Logger } from "../../src/lib/logger.js";

export type Progress =
  | Update
  /** Nothing was found to do. */
  | { readonly state: "idle" };

export type Tell = (progress: Progress) => void;

/** The file lies in memory, on /run: nothing of it need last. */
export function progressTeller(path: string, logger: Pick<Logger, "info" | "warn">): Tell {
  mkdirSync(dirname(path), { recursive: true });
  return (progress) => {
    writeFileSync(`${path}.new`, JSON.stringify(progress));
    renameSync(`${path}.new`, path);
    if ("reason" in progress) logger.warn(progress.reason);
    else logger.info(inWords(progress));
  };
}

function inWords(progress: Exclude<Progress, { reason: string }>): string {
  switch (progress.state) {
    case "checking":
      return "looking at an update";
    case "writing":
      return `writing version ${progress.version} to the other slot: ${progress.percent} %`;
    case "trying":
      return `version ${progress.version} is on trial`;
    case "idle":
      return "no update to be had";
    case "done":
      return `version ${progress.version} is good, and is what boots from now on`;
  }
}
