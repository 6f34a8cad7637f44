// What goes into a bundle: a root file system and the boot files of a slot, as files or out of an image.

import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootPartition, rootPartitions, slotFolder } from "../build/layout.js";

export interface Parts {
  readonly root: string;
  readonly boot: string;
  /** A folder to be removed when they are packed. */
  readonly temporary: string | null;
}

export function fromFiles(root: string, boot: string): Parts {
  return { root, boot, temporary: null };
}

/** An image as `npm run image` writes it: slot a is the one with something in it. */
export function fromImage(image: string): Parts {
  const temporary = mkdtempSync(join(tmpdir(), "plugjam-bundle-"));
  try {
    const root = join(temporary, "root.squashfs");
    copySquashfs(image, rootPartitions.a.startBytes, root);
    const boot = join(temporary, "boot");
    mkdirSync(boot);
    const drive = `${image}@@${bootPartition.startBytes}`;
    execFileSync("mcopy", ["-s", "-i", drive, `::${slotFolder("a")}/*`, boot], { stdio: "pipe" });
    return { root, boot, temporary };
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** A squashfs says in its first bytes how long it is; what is made of it ends with a block of 4 KiB. */
function copySquashfs(image: string, start: number, output: string): void {
  const from = openSync(image, "r");
  const to = openSync(output, "w");
  try {
    const head = Buffer.alloc(48);
    readSync(from, head, 0, head.length, start);
    if (head.toString("latin1", 0, 4) !== "hsqs")
      throw new Error(
        `${image} holds no system where one is expected: name an image that npm run image made.`,
      );
    const bytes = Math.ceil(Number(head.readBigUInt64LE(40)) / 4096) * 4096;
    const block = Buffer.alloc(1024 * 1024);
    for (let done = 0; done < bytes; ) {
      const read = readSync(from, block, 0, Math.min(block.length, bytes - done), start + done);
      if (read === 0) throw new Error(`${image} ends too early: make it again.`);
      writeSync(to, block, 0, read);
      done += read;
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
