// The parts of the card: the slot's boot folder, the FAT partition, and the image of the whole.

import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import {
  bootLabel,
  bootPartition,
  diskId,
  type Partition,
  rootPartitions,
  sectorBytes,
  slotCommandLine,
  slotFolder,
} from "./layout.js";
import { run } from "./step.js";

/** Of the device trees in Debian's kernel: the models the box is made for, and their kin. */
const deviceTrees = /^bcm(2837-rpi-(3|zero-2|cm3)|2711-rpi-(4|400|cm4)).*\.dtb$/;

export interface SlotParts {
  /** The unpacked base: kernel, device trees, overlays. */
  readonly base: string;
  readonly kernelVersion: string;
  readonly initrd: Buffer;
  /** The tree's image/firmware. */
  readonly firmware: string;
  readonly output: string;
}

/** What a slot has on the boot partition, all but the letter of the slot in cmdline.txt: also what an update brings. */
export function makeBootFolder({ base, kernelVersion, initrd, firmware, output }: SlotParts): void {
  mkdirSync(output, { recursive: true });
  // The firmware unpacks it faster than the card would read it whole.
  writeFileSync(
    path.join(output, "vmlinuz"),
    gzipSync(readFileSync(path.join(base, "boot", `vmlinuz-${kernelVersion}`)), { level: 9 }),
  );
  writeFileSync(path.join(output, "initrd"), initrd);
  const trees = path.join(base, "usr/lib", `linux-image-${kernelVersion}`, "broadcom");
  for (const name of readdirSync(trees).filter((name) => deviceTrees.test(name)))
    copyFileSync(path.join(trees, name), path.join(output, name));
  cpSync(path.join(base, "usr/lib/raspi-firmware/overlays"), path.join(output, "overlays"), {
    recursive: true,
  });
  // The firmware looks for overlays in a slot's folder only where it finds a file of this name.
  writeFileSync(path.join(output, "overlays/README"), "Overlays of this slot's kernel.\n");
  copyFileSync(path.join(firmware, "cmdline.txt"), path.join(output, "cmdline.txt"));
}

export interface BootParts {
  readonly base: string;
  readonly firmware: string;
  /** The plugjam.toml that a school edits. */
  readonly settings: string;
  /** What makeBootFolder has made. */
  readonly slot: string;
  readonly work: string;
  readonly output: string;
  readonly epoch: number;
}

/** The FAT partition with slot A, and no slot B. */
export async function makeBootPartition({
  base,
  firmware,
  settings,
  slot,
  work,
  output,
  epoch,
}: BootParts): Promise<void> {
  mkdirSync(work, { recursive: true });
  const files = path.join(base, "usr/lib/raspi-firmware");
  for (const name of readdirSync(files).filter((name) =>
    /^(bootcode|start4?|fixup4?)\.(bin|elf|dat)$/.test(name),
  ))
    copyFileSync(path.join(files, name), path.join(work, name));
  for (const name of readdirSync(firmware).filter((name) => name !== "cmdline.txt"))
    copyFileSync(path.join(firmware, name), path.join(work, name));
  copyFileSync(settings, path.join(work, "plugjam.toml"));
  const folder = path.join(work, slotFolder("a"));
  cpSync(slot, folder, { recursive: true });
  const commandLine = path.join(folder, "cmdline.txt");
  writeFileSync(commandLine, slotCommandLine(readFileSync(commandLine, "utf8"), "a"));
  await run("sh", ["-c", 'find . -exec touch --date "@$0" {} +', String(epoch)], { cwd: work });
  await run("truncate", ["--size", String(bootPartition.bytes), output]);
  await run("mkfs.fat", ["-F", "32", "-s", "4", "-i", diskId, "-n", bootLabel, "--invariant", output]);
  // In a fixed order, with the files' own times.
  for (const name of readdirSync(work).sort())
    await run("mcopy", ["-s", "-m", "-i", output, path.join(work, name), "::"], {
      env: { TZ: "UTC", SOURCE_DATE_EPOCH: String(epoch) },
    });
}

/** The image ends with slot A's root: the card has room for what comes behind it, and nobody has to write zeros there. */
export async function assemble(boot: string, root: string, output: string): Promise<void> {
  const { a, b } = rootPartitions;
  const rootBytes = statSync(root).size;
  if (rootBytes > a.bytes)
    throw new Error(`the root file system has ${rootBytes} bytes, its slot ${a.bytes}`);
  await run("truncate", ["--size", "0", output]);
  await run("truncate", ["--size", String(b.startBytes + b.bytes), output]);
  const line = ({ startBytes, bytes, type }: Partition) =>
    `start=${startBytes / sectorBytes}, size=${bytes / sectorBytes}, type=${type}`;
  await run("sfdisk", ["--quiet", output], {
    input: [`label: dos`, `label-id: 0x${diskId}`, line(bootPartition), line(a), line(b), ""].join("\n"),
  });
  const end = Math.ceil((a.startBytes + rootBytes) / 1024 / 1024) * 1024 * 1024;
  await run("truncate", ["--size", String(end), output]);
  const image = await open(output, "r+");
  try {
    for (const [file, { startBytes }] of [
      [boot, bootPartition],
      [root, a],
    ] as const)
      await image.write(readFileSync(file), 0, null, startBytes);
  } finally {
    await image.close();
  }
}
