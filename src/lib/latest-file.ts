// A file that holds the latest of what was wished for: written soon, never twice the same, never half.

import { replaceFile } from "./replace-file.js";

export class LatestFile {
  readonly #path: string;
  readonly #failed: (why: string) => void;
  #wish: string | null = null;
  #onDisk: string | null = null;
  #writing: Promise<void> | null = null;
  #trouble: string | null = null;

  /** `failed` hears of each contents that could not be written, and why: the code of an error. */
  constructor(path: string, failed: (why: string) => void) {
    this.#path = path;
    this.#failed = failed;
  }

  /** This is what the file holds: it need not be written again. */
  holds(contents: string): void {
    this.#onDisk = contents;
  }

  /** Returns at once; of several wishes in a row the last one is written. */
  write(contents: string): void {
    this.#wish = contents;
    // Begun for nothing, it would be over before it is noted down as under way, and so for ever.
    if (this.#writing === null && contents !== this.#onDisk) this.#writing = this.#writeWishes();
  }

  /** Why the latest contents could not be written; null: they are there, or on their way. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Waits until all is on the disk. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeWishes(): Promise<void> {
    while (this.#wish !== null && this.#wish !== this.#onDisk) {
      const wish = this.#wish;
      try {
        await replaceFile(this.#path, wish);
        this.#onDisk = wish;
        this.#trouble = null;
      } catch (error) {
        this.#trouble = damage(error);
        this.#failed(this.#trouble);
        // Another wish may have come meanwhile, and it may fare better; this one is given up.
        if (this.#wish === wish) break;
      }
    }
    this.#writing = null;
  }
}

/** Why a file is of no use. Not the message of a parser: it quotes what it read, and the log names nobody. */
export function damage(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "it is damaged";
}
