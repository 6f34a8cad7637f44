// A plain Debian 13 with the image's kernel and packages, none of our files, and all services as Debian has them: the yardstick for how fast ours boots.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Base } from "../../../image/build/base.js";
import { makeInitrd } from "../../../image/build/initrd.js";
import { run } from "../../../image/build/step.js";
import { Machine } from "./machine.js";

/** A folder with disk, kernel and initrd, beside the base that it is made of. */
async function plainDebian({ tar }: Base): Promise<string> {
  const kept = `${tar}.plain`;
  if (existsSync(kept)) return kept;
  const fresh = `${kept}.${process.pid}`;
  const root = path.join(fresh, "root");
  mkdirSync(root, { recursive: true });
  try {
    const disk = path.join(fresh, "disk");
    const make = 'tar -C "$0" -xf "$1" && mke2fs -q -t ext4 -d "$0" "$2" 3G';
    await run("fakeroot", ["sh", "-ec", make, root, tar, disk]);
    const kernelVersion = readdirSync(path.join(root, "usr/lib/modules"))[0]!;
    const initrd = await makeInitrd({
      root,
      kernelVersion,
      init: "test/image/emulator/plain-init",
      work: path.join(fresh, "initrd.files"),
      epoch: 0,
      moreModules: ["ext4"],
    });
    writeFileSync(path.join(fresh, "initrd"), initrd);
    renameSync(path.join(root, "boot", `vmlinuz-${kernelVersion}`), path.join(fresh, "kernel"));
    for (const each of ["root", "initrd.files", "initrd.files.cpio"])
      rmSync(path.join(fresh, each), { recursive: true });
    renameSync(fresh, kept);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}

/** Seconds from the kernel's start to multi-user. */
export async function plainBootSeconds(base: Base): Promise<number> {
  const folder = await plainDebian(base);
  const own = mkdtempSync(path.join(tmpdir(), "plugjam-plain-"));
  const machine = Machine.start(own, path.join(folder, "disk"), {
    kernel: path.join(folder, "kernel"),
    initrd: path.join(folder, "initrd"),
    commandLine: "quiet root=/dev/vda rw",
    args: ["-snapshot"],
  });
  try {
    const shell = await machine.shell();
    await shell.run("systemctl is-system-running --wait", 300_000);
    const microseconds = await shell.output(
      "systemctl show --property ActiveEnterTimestampMonotonic --value multi-user.target",
    );
    return Number(microseconds) / 1e6;
  } finally {
    await machine.cutPower();
  }
}
