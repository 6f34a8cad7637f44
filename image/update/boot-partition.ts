// The FAT partition of the card: slots, config.txt and tryboot.txt; written so that config.txt names a whole slot at any time.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Disk, replaceOn } from "./disk.js";
import type { Access } from "./machine.js";
import { configuredSlot, type Slot, slotFolder, withSlot } from "./slot.js";

export class BootPartition {
  readonly #disk: Disk;
  readonly #mountPoint: string;
  readonly #setAccess: (access: Access) => Promise<void>;
  #isOpen = false;

  constructor(disk: Disk, mountPoint: string, setAccess: (access: Access) => Promise<void>) {
    this.#disk = disk;
    this.#mountPoint = mountPoint;
    this.#setAccess = setAccess;
  }

  /** The partition is read-only but for the time of this work. */
  async write(work: () => Promise<void>): Promise<void> {
    await this.#open("ordered");
    try {
      await work();
    } finally {
      await this.close();
    }
  }

  /** For large files, until `close`. */
  openForFiles(): Promise<void> {
    return this.#open("fast");
  }

  /** Harmless when it is closed already. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#setAccess("read-only");
  }

  /** Which slot the firmware boots; null: config.txt does not say so in one line. */
  async configured(): Promise<Slot | null> {
    return configuredSlot(await this.#config());
  }

  folder(slot: Slot): string {
    return join(this.#mountPoint, slotFolder(slot));
  }

  /** A slot that is being written has another name until it is whole. */
  draftFolder(slot: Slot): string {
    return `${this.folder(slot)}.new`;
  }

  /** From now on no file names this slot, and there is room for a new one. */
  async clear(slot: Slot): Promise<void> {
    await this.forbidTrial();
    await this.#disk.remove(this.folder(slot));
    await this.#disk.remove(this.draftFolder(slot));
    await this.#disk.syncFolder(this.#mountPoint);
    await this.#disk.makeFolder(this.draftFolder(slot));
  }

  /** All files are on the medium: the draft is the slot. */
  async finish(slot: Slot): Promise<void> {
    for (const folder of await foldersIn(this.draftFolder(slot))) await this.#disk.syncFolder(folder);
    await this.#disk.rename(this.draftFolder(slot), this.folder(slot));
    await this.#disk.syncFolder(this.#mountPoint);
  }

  /** What the firmware boots once, when it is asked to. */
  async allowTrial(slot: Slot): Promise<void> {
    await replaceOn(this.#disk, this.#tryboot, withSlot(await this.#config(), slot));
  }

  async forbidTrial(): Promise<void> {
    await this.#disk.remove(this.#tryboot);
    await this.#disk.syncFolder(this.#mountPoint);
  }

  /** What the firmware boots from now on. */
  async commit(slot: Slot): Promise<void> {
    await replaceOn(this.#disk, join(this.#mountPoint, "config.txt"), withSlot(await this.#config(), slot));
  }

  async #open(access: Access): Promise<void> {
    await this.#setAccess(access);
    this.#isOpen = true;
  }

  get #tryboot(): string {
    return join(this.#mountPoint, "tryboot.txt");
  }

  #config(): Promise<string> {
    return readFile(join(this.#mountPoint, "config.txt"), "utf8");
  }
}

/** It, and all below it. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const below = entries.filter((entry) => entry.isDirectory());
  return [...below.map((entry) => join(entry.parentPath, entry.name)), folder];
}
