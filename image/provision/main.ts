// Run once at each boot, before the network and the box: `node main.js`.

import { spawnSync } from "node:child_process";
import { realDisk } from "./disk.js";
import { provision } from "./provision.js";

provision({
  root: "/",
  disk: realDisk,
  now: new Date(),
  remount(how) {
    const { status, stderr } = spawnSync("mount", ["-o", `remount,${how}`, "/boot/firmware"], {
      encoding: "utf8",
    });
    return status === 0 ? null : stderr.trim() || "no mount";
  },
  pause: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
  say: (line) => process.stderr.write(`${line}\n`),
});
