// A card with an image on it: a file as large as a real card, and what is read from it and written to it from outside.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, truncateSync } from "node:fs";
import {
  bootPartition,
  type Partition,
  rootPartitions,
  type Slot,
  slotFolder,
} from "../../../image/build/layout.js";

/** Room for both slots and a data partition of 700 MB. */
const cardBytes = 2 * 1024 ** 3;

export class Card {
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** A new one, as after writing the image to it. */
  static written(image: string, file: string): Card {
    execFileSync("cp", ["--sparse=always", "--reflink=auto", image, file]);
    truncateSync(file, cardBytes);
    return new Card(file);
  }

  /** As it is now, for a machine that shall not change the first one. */
  copy(file: string): Card {
    execFileSync("cp", ["--sparse=always", "--reflink=auto", this.file, file]);
    return new Card(file);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }

  /** A file of the boot partition, such as `slot-a/cmdline.txt`. Throws where there is none. */
  bootFile(name: string): Buffer {
    return execFileSync("mtype", ["-i", this.#boot, `::${name}`], { maxBuffer: 1 << 30, stdio: "pipe" });
  }

  writeBootFile(name: string, content: string | Buffer): void {
    execFileSync("mcopy", ["-o", "-i", this.#boot, "-", `::${name}`], { input: content, stdio: "pipe" });
  }

  removeBootFile(name: string): void {
    execFileSync("mdel", ["-i", this.#boot, `::${name}`], { stdio: "pipe" });
  }

  /** Of the kernel that a slot has modules for. */
  kernelVersion(slot: Slot): string {
    const offset = String(rootPartitions[slot].startBytes);
    const list = execFileSync("unsquashfs", ["-offset", offset, "-ls", this.file, "usr/lib/modules"], {
      encoding: "utf8",
      maxBuffer: 1 << 30,
    });
    const version = /^squashfs-root\/usr\/lib\/modules\/([^/\n]+)/m.exec(list)?.[1];
    if (version === undefined) throw new Error(`no kernel modules in slot ${slot}`);
    return version;
  }

  /** SHA-256 of a slot's whole partition, as far as the file goes. */
  rootHash(slot: Slot): string {
    return this.#hash(rootPartitions[slot]);
  }

  #hash({ startBytes, bytes }: Partition): string {
    const hash = createHash("sha256");
    const file = openSync(this.file, "r");
    const part = Buffer.alloc(1 << 20);
    for (let at = 0; at < bytes; ) {
      const count = readSync(file, part, 0, Math.min(part.length, bytes - at), startBytes + at);
      if (count === 0) break;
      hash.update(part.subarray(0, count));
      at += count;
    }
    closeSync(file);
    return hash.digest("hex");
  }

  get #boot(): string {
    return `${this.file}@@${bootPartition.startBytes}`;
  }
}

/** What the Pi's firmware makes of the boot partition before the kernel runs. */
export interface Bootable {
  readonly slot: Slot;
  readonly kernel: Buffer;
  readonly initrd: Buffer;
  readonly commandLine: string;
}

/** Plays the Pi's firmware: config.txt, or tryboot.txt in a trial, names the slot by os_prefix. */
export function firmware(card: Card, trial: boolean): Bootable {
  const settings = card.bootFile(trial ? "tryboot.txt" : "config.txt").toString();
  const prefix = /^os_prefix=(.*)$/m.exec(settings)?.[1] ?? "";
  const slot = (["a", "b"] as const).find((each) => prefix === `${slotFolder(each)}/`);
  if (slot === undefined) throw new Error(`os_prefix names no slot:\n${settings}`);
  const kernel = /^kernel=(.*)$/m.exec(settings)?.[1];
  const initrd = /^initramfs (\S+)/m.exec(settings)?.[1];
  if (kernel === undefined || initrd === undefined) throw new Error(`no kernel or initrd:\n${settings}`);
  return {
    slot,
    kernel: card.bootFile(prefix + kernel),
    initrd: card.bootFile(prefix + initrd),
    commandLine: card.bootFile(`${prefix}cmdline.txt`).toString().trim(),
  };
}
