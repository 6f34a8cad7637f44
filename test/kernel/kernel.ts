// The test kernel: built once, kept outside the tree; and one run of a command inside it.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { launch } from "../support/process.js";
import { makeRealtime } from "../support/realtime.js";
import { takeProcessor } from "./processor.js";

/** Of the scripts and the sources; tests run from the tree's root. */
const recipe = "test/kernel/uml";
const script = (name: string) => join(recipe, name);

/** Exit status of build.sh where a machine cannot have the kernel (EX_UNAVAILABLE). */
const unavailable = 69;

/** Generous: four minutes where nothing else runs. */
export const buildTimeoutMs = 40 * 60_000;

/** The time of day at which virtual time begins, always the same: else no two runs would be alike. */
const virtualStartNs = BigInt(Date.UTC(2026, 10, 27)) * 1_000_000n;

export type Kernel = { readonly folder: string } | { readonly missing: string };

let kernel: Promise<Kernel> | null = null;

/** The test kernel, built now if need be, with a line to the console from time to time; or why there is none here. */
export function testKernel(): Promise<Kernel> {
  kernel ??= findOrBuild();
  return kernel;
}

async function findOrBuild(): Promise<Kernel> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "plugjam", `kernel-${fingerprint()}`);
  return existsSync(folder) ? { folder } : build(folder);
}

/** Of all that goes into the kernel; how it is run is no matter. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const sources = readdirSync(script("oled-sim")).map((name) => join("oled-sim", name));
  for (const name of ["build.sh", "kernel.config", ...sources.sort()])
    hash.update(readFileSync(script(name)));
  return hash.digest("hex").slice(0, 16);
}

function build(folder: string): Promise<Kernel> {
  return new Promise((resolve, reject) => {
    const child = spawn(script("build.sh"), [folder], { stdio: ["ignore", "pipe", "pipe"] });
    createInterface(child.stdout).on("line", (line) => console.log(`      ${line}`));
    let complaints = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaints += text;
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve({ folder });
      else if (status === unavailable) resolve({ missing: lastLine(complaints) });
      else reject(new Error(`${script("build.sh")}: exit ${status}\n${complaints}`));
    });
  });
}

export interface GuestOptions {
  /** Time passes only while all programs sleep, so that a slow machine is no excuse, and waiting costs nothing. */
  readonly virtualTime?: boolean;
  /** Parameters of the display simulator, such as `sh1106=1`. */
  readonly display?: string;
  /** Goes before whatever else this machine does, where this user may say so: for measurements in real time. */
  readonly first?: boolean;
  /** Of the machine's own time, after which the guest is switched off. */
  readonly deadlineMs?: number;
}

export interface GuestRun {
  /** False: the kernel did not even reach its first program. */
  readonly booted: boolean;
  /** What the command wrote to /mnt/outcomes. */
  readonly outcomes: string;
  /** The last lines on the console, and how it came to an end. */
  readonly console: string;
}

/** Runs a shell command inside the kernel, in this folder, on this machine's files (see uml/run.sh). */
export async function runInKernel(folder: string, command: string, options: GuestOptions): Promise<GuestRun> {
  const { virtualTime = false, first = false, display, deadlineMs = 60_000 } = options;
  const shared = mkdtempSync(join(tmpdir(), "plugjam-guest-"));
  const settings = [`SHARED=${shared}`, `uml_dir=${shared}/`];
  if (virtualTime) settings.push("time-travel=inf-cpu", `time-travel-start=${virtualStartNs}`);
  if (display !== undefined) settings.push(`OLED="${display}"`);
  const place = virtualTime ? await takeProcessor() : null;
  const [program = "", ...words] = [...(place?.command ?? []), script("run.sh")];
  const guest = launch(program, [...words, folder, command, ...settings]);
  if (first) makeRealtime(guest);
  const deadline = new AbortController();
  await Promise.race([guest.ended, sleep(deadlineMs, null, { signal: deadline.signal }).catch(() => null)]);
  const overtime = guest.end === null;
  deadline.abort();
  await guest.kill();
  place?.leave();
  const read = (name: string) =>
    existsSync(join(shared, name)) ? readFileSync(join(shared, name), "utf8") : null;
  const run = {
    booted: read("booted") !== null,
    outcomes: read("outcomes") ?? "",
    console: `${guest.log()}\n${overtime ? `switched off after ${deadlineMs} ms` : guest.end}`,
  };
  rmSync(shared, { recursive: true, force: true });
  return run;
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
