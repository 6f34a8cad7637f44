// Makes a program of others as undisturbed as the box makes itself, where that is allowed.

import { execFileSync } from "node:child_process";
import type { TestProcess } from "./process.js";

/** Realtime priority for all threads that it has by now; false: this user must not. */
export function makeRealtime({ pid }: TestProcess): boolean {
  try {
    execFileSync("chrt", ["--all-tasks", "--fifo", "--pid", "10", String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
