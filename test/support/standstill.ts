// Whether the machine itself stood still, as a guest does whose host has other things to do: told by a program that outranks
// the box, the server and the tests on every core, so that nothing of ours can make it late.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, type TestProcess } from "./process.js";

/** A little less than what a card of six periods of 64 frames has left to play when the box wakes up. */
const leastMs = 4;

/** Compiled once for all the tests of a process. */
let program: string | null = null;

function compiled(): string {
  if (program !== null) return program;
  const folder = mkdtempSync(join(tmpdir(), "plugjam-standstill-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  program = join(folder, "standstill");
  execFileSync("g++", ["-std=c++20", "-O1", "-pthread", "-o", program, "test/support/standstill.cpp"]);
  return program;
}

export class StandstillWatch {
  readonly #file: string;
  readonly #process: TestProcess;

  private constructor(file: string, process: TestProcess) {
    this.#file = file;
    this.#process = process;
  }

  /** Where nobody may have the priority, no standstill is ever seen. */
  static start(): StandstillWatch {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-standstills-"));
    const file = join(folder, "seen");
    writeFileSync(file, "");
    return new StandstillWatch(file, launch(compiled(), [String(leastMs), file], { ownFolder: folder }));
  }

  /** How often a core stood still for 4 ms or longer since that moment of `process.hrtime.bigint()`. */
  since(monotonicNs: bigint): number {
    if (this.#process.end !== null) return 0;
    const lines = readFileSync(this.#file, "utf8").split("\n");
    return lines.filter((line) => line !== "" && BigInt(line) > monotonicNs).length;
  }

  async stop(): Promise<void> {
    await this.#process.kill();
  }
}
