// Remembers across a power cut whom the musician wants to play with, and whether muted. Trouble with the disk never stops the box.

import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import type { Wish } from "../core/state.js";
import { damage, LatestFile } from "../lib/latest-file.js";
import type { Logger } from "../lib/logger.js";
import { draftOf } from "../lib/replace-file.js";

const schema = v.nullable(
  v.object({ name: v.string(), address: v.string(), muted: v.optional(v.boolean(), false) }),
);

/** Where the box keeps what it must remember: systemd's choice, else the user's own. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const fromSystemd = env.STATE_DIRECTORY?.split(":")[0];
  return fromSystemd || join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "plugjam");
}

export class WantedStore {
  readonly #path: string;
  readonly #file: LatestFile;
  readonly #logger: Pick<Logger, "warn">;

  constructor(folder: string, logger: Pick<Logger, "warn">) {
    this.#path = join(folder, "wanted.json");
    this.#logger = logger;
    this.#file = new LatestFile(this.#path, (why) => logger.warn(this.#unwritten(why)));
  }

  /** The wish that was stored last; null: none, or none that can be read. */
  load(): Wish | null {
    const draft = this.#loadDraft();
    if (draft !== undefined) return draft;
    try {
      const text = readFileSync(this.#path, "utf8");
      const wish = parse(text);
      this.#file.holds(text);
      return wish;
    } catch (error) {
      const why = damage(error);
      if (why !== "ENOENT")
        this.#logger.warn(`${this.#path} cannot be read, so no server is remembered: ${why}`);
      return null;
    }
  }

  /** The last wish of a box that was killed while a slow disk took it: newer than the file. Mostly there is none. */
  #loadDraft(): Wish | null | undefined {
    try {
      return parse(readFileSync(draftOf(this.#path), "utf8"));
    } catch {
      return undefined;
    }
  }

  /** Returns at once; of several wishes in a row the last one is written. */
  store(wish: Wish | null): void {
    this.#file.write(`${JSON.stringify(wish && { ...wish.server, muted: wish.muted })}\n`);
  }

  /** A sentence, where the last wish could not be stored; else null. */
  get trouble(): string | null {
    return this.#file.trouble === null ? null : this.#unwritten(this.#file.trouble);
  }

  #unwritten(why: string): string {
    return `${this.#path} cannot be written, so a power cut will forget: ${why}`;
  }

  /** Waits until all is on the disk. */
  settled(): Promise<void> {
    return this.#file.settled();
  }
}

function parse(text: string): Wish | null {
  const stored = v.parse(schema, JSON.parse(text));
  return stored && { server: { name: stored.name, address: stored.address }, muted: stored.muted };
}
