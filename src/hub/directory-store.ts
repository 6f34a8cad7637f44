// Remembers the directory's servers across a restart. Trouble with the disk never stops the hub.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { damage, LatestFile } from "../lib/latest-file.js";
import type { Logger } from "../lib/logger.js";
import type { Registered } from "./directory.js";

const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535));
const text = (units: number) => v.pipe(v.string(), v.maxLength(units));
const byte = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255));

const schema = v.array(
  v.object({
    endpoint: v.object({ address: v.pipe(v.string(), v.ipv4()), port: v.pipe(word, v.minValue(1)) }),
    info: v.object({
      port: word,
      country: word,
      maxClients: byte,
      permanent: v.boolean(),
      serverName: text(20),
      internalAddress: text(15),
      city: text(20),
    }),
  }),
);

export class DirectoryStore {
  readonly #path: string;
  readonly #file: LatestFile;
  readonly #logger: Pick<Logger, "warn">;

  constructor(folder: string, logger: Pick<Logger, "warn">) {
    this.#path = join(folder, "directory.json");
    this.#logger = logger;
    this.#file = new LatestFile(this.#path, (why) =>
      logger.warn(`the directory's list cannot be written: ${why}`),
    );
  }

  /** The servers stored last; none if they cannot be read. */
  load(): readonly Registered[] {
    try {
      return v.parse(schema, JSON.parse(readFileSync(this.#path, "utf8")));
    } catch (error) {
      const why = damage(error);
      if (why !== "ENOENT") this.#logger.warn(`the directory's list cannot be read and begins anew: ${why}`);
      return [];
    }
  }

  /** Returns at once; of several lists in a row the last one is written. */
  store(registered: readonly Registered[]): void {
    this.#file.write(`${JSON.stringify(registered)}\n`);
  }

  /** Waits until all is on the disk. */
  settled(): Promise<void> {
    return this.#file.settled();
  }
}
