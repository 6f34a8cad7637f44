// Takes the files of a bundle into a slot: the root file system onto its partition, the rest onto the FAT partition.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BlockWriter } from "./block-writer.js";
import type { BootPartition } from "./boot-partition.js";
import type { Disk } from "./disk.js";
import { type BundleFile, bootFolder, rootName } from "./manifest.js";
import type { Receiver } from "./read-bundle.js";
import { commandLineFor, type Slot } from "./slot.js";

const commandLineName = `${bootFolder}/cmdline.txt`;
const maxCommandLineBytes = 4096;

export interface SlotWriterParts {
  readonly disk: Disk;
  readonly boot: BootPartition;
  readonly slot: Slot;
  readonly rootPartition: string;
  readonly forgetCached: (path: string) => Promise<void>;
  /** Hears how many bytes have come. */
  readonly progress: (bytes: number) => void;
}

/** What was read back from the card is not what was written. */
export class BadCard extends Error {}

export class SlotWriter implements Receiver {
  readonly #parts: SlotWriterParts;
  #present: BlockWriter | null = null;
  /** Of cmdline.txt, which is written with this slot's letter. */
  #commandLine: Uint8Array[] | null = null;
  #takenBytes = 0;

  constructor(parts: SlotWriterParts) {
    this.#parts = parts;
  }

  async begin({ name, bytes }: BundleFile): Promise<void> {
    const { disk, boot, rootPartition } = this.#parts;
    if (name === commandLineName) {
      if (bytes > maxCommandLineBytes)
        throw new Error("The bundle's cmdline.txt is too long: make the bundle anew.");
      this.#commandLine = [];
    } else if (name === rootName) {
      // The rest of the slot is there; the long part needs nothing of the FAT partition.
      await boot.close();
      this.#present = new BlockWriter(await disk.overwrite(rootPartition));
    } else {
      this.#present = new BlockWriter(await this.#createOnBoot(name));
    }
  }

  async data(bytes: Uint8Array): Promise<void> {
    if (this.#commandLine !== null) this.#commandLine.push(Uint8Array.from(bytes));
    else await this.#present!.write(bytes);
    this.#takenBytes += bytes.length;
    this.#parts.progress(this.#takenBytes);
  }

  async end({ name, bytes, sha256 }: BundleFile): Promise<void> {
    if (this.#commandLine !== null) {
      const contents = Buffer.concat(this.#commandLine).toString("utf8");
      this.#commandLine = null;
      this.#present = new BlockWriter(await this.#createOnBoot(name));
      await this.#present.write(Buffer.from(commandLineFor(this.#parts.slot, contents)));
    }
    await this.#present!.finish();
    this.#present = null;
    if (name === rootName) await this.#compareRoot(bytes, sha256);
  }

  /** Lets go of what is half written. */
  async abandon(): Promise<void> {
    await this.#present?.abandon();
    this.#present = null;
  }

  async #createOnBoot(name: string) {
    const { disk, boot, slot } = this.#parts;
    const path = join(boot.draftFolder(slot), name.slice(bootFolder.length + 1));
    await disk.makeFolder(dirname(path));
    return disk.create(path);
  }

  async #compareRoot(bytes: number, sha256: string): Promise<void> {
    const { rootPartition, forgetCached } = this.#parts;
    await forgetCached(rootPartition);
    const hash = createHash("sha256");
    const partition = await open(rootPartition, "r");
    try {
      const contents = partition.createReadStream({ start: 0, end: bytes - 1, highWaterMark: 1024 * 1024 });
      for await (const chunk of contents) hash.update(chunk as Buffer);
    } finally {
      await partition.close();
    }
    if (hash.digest("hex") !== sha256)
      throw new BadCard("The card does not keep what is written to it: replace the card.");
  }
}
