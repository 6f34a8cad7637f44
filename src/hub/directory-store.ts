// Remembers the directory's servers across a restart. Trouble with the disk never stops the hub.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { Logger } from "../lib/logger.js";
import { replaceFile } from "../lib/replace-file.js";
import type { Registered } from "./directory.js";

const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const text = (units: number) => v.pipe(v.string(), v.maxLength(units));
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));

const schema = v.array(
  v.object({
    endpoint: v.object({ address: v.pipe(v.string(), v.ipv4()), port }),
    info: v.object({
      port,
      country: port,
      maxClients: byte,
      permanent: v.boolean(),
      serverName: text(20),
      internalAddress: text(15),
      city: text(20),
    }),
  }),
);

export class DirectoryStore {
  readonly #file: string;
  readonly #logger: Pick<Logger, "warn">;
  #wish: string | null = null;
  #onDisk: string | null = null;
  #writing: Promise<void> | null = null;

  constructor(folder: string, logger: Pick<Logger, "warn">) {
    this.#file = join(folder, "directory.json");
    this.#logger = logger;
  }

  /** The servers stored last; none if they cannot be read. */
  load(): readonly Registered[] {
    try {
      return v.parse(schema, JSON.parse(readFileSync(this.#file, "utf8")));
    } catch (error) {
      const why = reason(error);
      if (why !== "ENOENT") this.#logger.warn(`the directory's list cannot be read and begins anew: ${why}`);
      return [];
    }
  }

  /** Returns at once; of several lists in a row the last one is written. */
  store(registered: readonly Registered[]): void {
    this.#wish = `${JSON.stringify(registered)}\n`;
    this.#writing ??= this.#writeWishes();
  }

  /** Waits until all is on the disk. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeWishes(): Promise<void> {
    while (this.#wish !== null && this.#wish !== this.#onDisk) {
      const wish = this.#wish;
      try {
        await replaceFile(this.#file, wish);
        this.#onDisk = wish;
      } catch (error) {
        this.#logger.warn(`the directory's list cannot be written: ${reason(error)}`);
        if (this.#wish === wish) break;
      }
    }
    this.#writing = null;
  }
}

/** Not the message of a parser: it quotes what it read. */
function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "it is damaged";
}
