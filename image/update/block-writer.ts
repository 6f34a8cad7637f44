// Writes a stream in large blocks: a card likes them, and a partition mounted to write at once needs them.

import type { DiskFile } from "./disk.js";

const blockBytes = 1024 * 1024;

export class BlockWriter {
  readonly #file: DiskFile;
  readonly #block = Buffer.alloc(blockBytes);
  #held = 0;
  #writtenBytes = 0;

  constructor(file: DiskFile) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length; ) {
      const part = bytes.subarray(taken, taken + blockBytes - this.#held);
      this.#block.set(part, this.#held);
      this.#held += part.length;
      taken += part.length;
      if (this.#held === blockBytes) await this.#flush();
    }
  }

  /** Returns when all is on the medium; the file is closed then. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#file.sync();
    await this.#file.close();
  }

  /** Gives up. */
  abandon(): Promise<void> {
    return this.#file.close();
  }

  async #flush(): Promise<void> {
    if (this.#held === 0) return;
    await this.#file.write(this.#block.subarray(0, this.#held), this.#writtenBytes);
    this.#writtenBytes += this.#held;
    this.#held = 0;
  }
}
