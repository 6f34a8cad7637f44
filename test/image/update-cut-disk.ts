// A disk whose power is cut at a step of your choice: what was not synced by then may be lost, in part or whole.

import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Disk, type DiskFile, realDisk } from "../../image/update/disk.js";
import type { Random } from "../support/random.js";

export class Cut extends Error {}

/** A change of names that is not on the medium yet. */
interface Change {
  readonly folder: string;
  undo(): void;
  moved(from: string, to: string): Change;
}

export class CutDisk implements Disk {
  readonly #cutAt: number;
  readonly #random: Random;
  readonly #backups: string;
  readonly #isWritable: (path: string) => boolean;
  steps = 0;
  isCut = false;
  #changes: Change[] = [];
  /** Files with bytes that are not on the medium yet, and what is on it. */
  #unsynced = new Map<string, Buffer>();

  /** `backups` is a folder of its own; a path that is not writable fails as on a partition that is mounted read-only. */
  constructor(cutAt: number, random: Random, backups: string, isWritable: (path: string) => boolean) {
    this.#cutAt = cutAt;
    this.#random = random;
    this.#backups = backups;
    this.#isWritable = isWritable;
  }

  create(path: string): Promise<DiskFile> {
    return this.#step(path, async () => {
      if (existsSync(path)) this.#keep(path);
      else this.#changed(path, (now) => rmSync(now, { force: true }));
      await (await realDisk.create(path)).close();
      return this.#file(path, true);
    });
  }

  overwrite(path: string): Promise<DiskFile> {
    return this.#step(path, async () => {
      this.#keep(path);
      return this.#file(path, false);
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#step(to, async () => {
      const backup = existsSync(to) ? this.#backup(to) : null;
      renameSync(from, to);
      this.#changes = this.#changes.map((change) => change.moved(from, to));
      this.#changed(to, (now) => {
        renameSync(now, from);
        if (backup !== null) renameSync(backup, now);
      });
      for (const [path, contents] of [...this.#unsynced]) {
        if (!isIn(path, from)) continue;
        this.#unsynced.delete(path);
        this.#unsynced.set(to + path.slice(from.length), contents);
      }
    });
  }

  remove(path: string): Promise<void> {
    return this.#step(path, async () => {
      if (!existsSync(path)) return;
      const backup = this.#backup(path);
      rmSync(path, { recursive: true });
      this.#changed(path, (now) => {
        rmSync(now, { recursive: true, force: true });
        cpSync(backup, now, { recursive: true });
      });
    });
  }

  makeFolder(path: string): Promise<void> {
    return this.#step(path, async () => {
      if (existsSync(path)) return;
      mkdirSync(path, { recursive: true });
      this.#changed(path, (now) => rmSync(now, { recursive: true, force: true }));
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.#step(null, async () => {
      this.#changes = this.#changes.filter(({ folder }) => folder !== path);
    });
  }

  #file(path: string, isNew: boolean): DiskFile {
    return {
      write: (bytes, at) =>
        this.#step(
          path,
          () => this.#write(path, isNew, bytes, at),
          // The card was at it.
          () => this.#write(path, isNew, bytes.subarray(0, this.#random.below(bytes.length + 1)), at),
        ),
      sync: () => this.#step(path, async () => void this.#unsynced.delete(path)),
      close: async () => {},
    };
  }

  async #write(path: string, isNew: boolean, bytes: Uint8Array, at: number): Promise<void> {
    if (!this.#unsynced.has(path)) this.#keep(path);
    const file = await realDisk.overwrite(path);
    await file.write(bytes, at);
    await file.close();
    if (isNew && bytes.length === 0) return;
  }

  /** From now on what is there is on the medium, and what is written is not. */
  #keep(path: string): void {
    if (!this.#unsynced.has(path)) this.#unsynced.set(path, readFileSync(path));
  }

  #backup(path: string): string {
    const backup = join(this.#backups, String(this.steps));
    cpSync(path, backup, { recursive: true });
    return backup;
  }

  #changed(path: string, undo: (now: string) => void): void {
    const change = (now: string): Change => ({
      folder: dirname(now),
      undo: () => undo(now),
      moved: (from, to) => change(isIn(now, from) ? to + now.slice(from.length) : now),
    });
    this.#changes.push(change(path));
  }

  async #step<Result>(
    path: string | null,
    act: () => Promise<Result>,
    half: () => Promise<unknown> = async () => {},
  ): Promise<Result> {
    if (this.isCut) throw new Cut();
    if (path !== null && !this.#isWritable(path)) throw new Error(`EROFS: ${path}`);
    this.steps++;
    if (this.steps !== this.#cutAt) return act();
    await half();
    this.#lose();
    this.isCut = true;
    throw new Cut();
  }

  /** Of a file that was not synced, the old bytes, the new ones, or some of each; of names, those of some time before. */
  #lose(): void {
    for (const [path, before] of this.#unsynced) {
      if (!existsSync(path)) continue;
      const now = readFileSync(path);
      const from = this.#random.below(now.length + 1);
      const mixed = Buffer.concat([now.subarray(0, from), before.subarray(from)]);
      writeFileSync(path, this.#random.pick([now, before, mixed]));
    }
    const kept = this.#random.below(this.#changes.length + 1);
    for (const change of this.#changes.slice(kept).reverse()) change.undo();
  }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
