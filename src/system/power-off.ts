// Asks the system's service manager to shut the machine down and switch it off.

import { execFile } from "node:child_process";

/** Null: the machine is going down. Otherwise one sentence on why it is not, with what to do. */
export function powerOff(command = "systemctl"): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, ["poweroff"], { timeout: 10_000 }, (error, _, stderr) => {
      if (error === null) return resolve(null);
      const why = stderr.trim().split("\n")[0] || String(error.code ?? error.message);
      resolve(`The machine cannot be switched off by its button (${why}): pull the plug, nothing is lost.`);
    });
  });
}
