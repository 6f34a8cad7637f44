// Run by plugjam-provision, at a boot with anything new on the card, before the network and the box: `node main.js INPUTS`.

import { spawnSync } from "node:child_process";
import { realDisk } from "./disk.js";
import { provision, reportBug } from "./provision.js";

const machine = {
  root: "/",
  disk: realDisk,
  now: new Date(),
  inputs: process.argv[2] ?? null,
  remount(how: string) {
    const words = ["-o", `remount,${how}`, "/boot/firmware"];
    const { status, stderr } = spawnSync("mount", words, { encoding: "utf8" });
    return status === 0 ? null : stderr.trim() || "no mount";
  },
  pause: (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  say: (line: string) => process.stderr.write(`${line}\n`),
};

try {
  provision(machine);
} catch (error) {
  // The box starts as the image has it, and says why.
  reportBug(machine, error);
  throw error;
}
