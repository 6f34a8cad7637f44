// Remembers across a power cut whom the musician wants to play with. Trouble with the disk never stops the box.

import { readFileSync } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import type { Server } from "../core/state.js";
import type { Logger } from "../lib/logger.js";

const schema = v.nullable(v.object({ name: v.string(), address: v.string() }));

/** Where the box keeps what it must remember: systemd's choice, else the user's own. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const fromSystemd = env.STATE_DIRECTORY?.split(":")[0];
  return fromSystemd || join(env.XDG_STATE_HOME || join(homedir(), ".local", "state"), "plugjam");
}

export class WantedStore {
  private readonly file: string;
  private onDisk: string | null = null;
  private wish: string | null = null;
  private writing: Promise<void> | null = null;

  constructor(
    private readonly folder: string,
    private readonly logger: Pick<Logger, "warn">,
  ) {
    this.file = join(folder, "wanted.json");
  }

  /** The server that was stored last; null: none, or none that can be read. */
  load(): Server | null {
    try {
      const text = readFileSync(this.file, "utf8");
      const server = v.parse(schema, JSON.parse(text));
      this.onDisk = text;
      return server;
    } catch (error) {
      const why = reason(error);
      if (why !== "ENOENT") {
        this.logger.warn(`${this.file} cannot be read, so no server is remembered: ${why}`);
      }
      return null;
    }
  }

  /** Returns at once; of several wishes in a row the last one is written. */
  store(server: Server | null): void {
    this.wish = `${JSON.stringify(server)}\n`;
    this.writing ??= this.writeWishes();
  }

  /** Waits until all is on the disk. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async writeWishes(): Promise<void> {
    while (this.wish !== null && this.wish !== this.onDisk) {
      const text = this.wish;
      try {
        await this.write(text);
        this.onDisk = text;
      } catch (error) {
        this.logger.warn(`${this.file} cannot be written, so a power cut will forget: ${reason(error)}`);
        // Another wish may have come meanwhile, and it may fare better; this one is given up.
        if (this.wish === text) break;
      }
    }
    this.writing = null;
  }

  /** The file is replaced as a whole: a power cut leaves the old one or the new one, never half of one. */
  private async write(text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const draft = `${this.file}.new`;
    const handle = await open(draft, "w");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.file);
  }
}

/** Not the message of a parser: it quotes what it read, and the log names no servers. */
function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "it is damaged";
}
