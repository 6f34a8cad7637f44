// Runs the compiled command line as a user would.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export const cli = fileURLToPath(new URL("../../src/cli.js", import.meta.url));

export interface Ended {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

/** `plugjam ARGS`, to its end. */
export function plugjam(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { timeout: 15_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? null), out, err });
    });
  });
}
