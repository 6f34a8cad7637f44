// The initrd: busybox, our init, and the modules without which the card's root file system cannot be mounted.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { run } from "./step.js";

/** Card readers of the Pi models, virtual disks for the emulator, and the file systems. */
const modules = [
  "sdhci_iproc",
  "bcm2835",
  "mmc_block",
  "virtio_pci",
  "virtio_mmio",
  "virtio_blk",
  "squashfs",
  "overlay",
];

const applets = [
  "sh",
  "cat",
  "cut",
  "dd",
  "insmod",
  "md5sum",
  "mkdir",
  "mount",
  "od",
  "reboot",
  "sleep",
  "switch_root",
  "tr",
  "usleep",
];

export interface InitrdParts {
  /** An unpacked root file system, with busybox and the kernel's modules. */
  readonly root: string;
  readonly kernelVersion: string;
  /** image/initrd/init, or another program to run in its place. */
  readonly init: string;
  readonly work: string;
  readonly epoch: number;
  readonly moreModules?: readonly string[];
}

/** The same bytes for the same parts. */
export async function makeInitrd(parts: InitrdParts): Promise<Buffer> {
  const { root, work, init } = parts;
  for (const folder of ["bin", "sbin", "modules", "proc", "sys", "dev", "run", "lower", "memory", "new"])
    mkdirSync(path.join(work, folder), { recursive: true });
  copyFileSync(path.join(root, "usr/bin/busybox"), path.join(work, "bin/busybox"));
  for (const applet of applets) symlinkSync("busybox", path.join(work, "bin", applet));
  copyFileSync(init, path.join(work, "init"));
  for (const program of ["bin/busybox", "init"]) chmodSync(path.join(work, program), 0o755);
  const order: string[] = [];
  for (const file of await moduleFiles(parts)) {
    const name = path.basename(file).replace(/\.xz$/, "");
    if (file.endsWith(".xz"))
      await run("sh", ["-c", 'xz -dc "$0" >"$1"', file, path.join(work, "modules", name)]);
    else copyFileSync(file, path.join(work, "modules", name));
    order.push(name);
  }
  writeFileSync(path.join(work, "modules/order"), order.map((name) => `${name}\n`).join(""));
  return gzipSync(await archive(work, parts.epoch), { level: 9 });
}

/** With what they need, each once, in the order in which they must be loaded. Those built into the kernel have no file. */
async function moduleFiles({ root, kernelVersion, moreModules = [] }: InitrdParts): Promise<string[]> {
  const files = new Set<string>();
  for (const name of [...modules, ...moreModules]) {
    const lines = await run("/sbin/modprobe", ["-d", root, "-S", kernelVersion, "--show-depends", name]);
    for (const [, file] of lines.matchAll(/^insmod (\S+)/gm)) files.add(file!);
  }
  return [...files];
}

async function archive(folder: string, epoch: number): Promise<Buffer> {
  const file = `${folder}.cpio`;
  const pack =
    'find . -exec touch --no-dereference --date "@$0" {} + && find . | LC_ALL=C sort | cpio --quiet --reproducible --owner 0:0 -o -H newc >"$1"';
  await run("sh", ["-c", pack, String(epoch), file], { cwd: folder });
  return readFileSync(file);
}
