// The updater's commands, which its units run: `update` (from the configured address), `update --stick FOLDER`, `trial`.

import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createLogger } from "../../src/lib/logger.js";
import { fromAddress } from "./address.js";
import { realDisk } from "./disk.js";
import { boxLayout, type Layout } from "./layout.js";
import { thisMachine } from "./machine.js";
import { progressTeller } from "./progress.js";
import { fromStick } from "./stick.js";
import { settleTrial } from "./trial.js";
import { Updater } from "./updater.js";

const logger = createLogger("info");

async function main(words: readonly string[]): Promise<void> {
  const layout = boxLayout();
  if (layout === null)
    throw new Error("This system was not started from an image's card: it cannot be updated this way.");
  const parts = { layout, machine: thisMachine, disk: realDisk, tell: progressTeller(layout.status, logger) };
  const [command, option, folder] = words;
  if (command === "trial")
    return settleTrial({ ...parts, now: () => performance.now(), wait: (ms) => sleep(ms) });
  if (command !== "update") throw new Error("Say update, update --stick FOLDER, or trial.");
  const updater = new Updater(parts);
  if (option === "--stick" && folder) await updater.update(fromStick(folder));
  else await updateFromAddress(updater, layout);
}

async function updateFromAddress(updater: Updater, layout: Layout): Promise<void> {
  const url = (await readFile(layout.url, "utf8").catch(() => "")).trim();
  if (url !== "") await fromAddress(updater, realDisk, layout, url);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  logger.error({ err: error }, error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// A download that was refused may still hold a connection open.
process.exit();
