// Files that a power cut leaves as they were or as they are to be. Every write of provisioning goes through the few calls of `Disk`.

import * as fs from "node:fs";
import { dirname } from "node:path";

/** The machine's file system; a test may let its power fail between any two calls. */
export type Disk = Pick<
  typeof fs,
  | "chmodSync"
  | "chownSync"
  | "closeSync"
  | "existsSync"
  | "fsyncSync"
  | "mkdirSync"
  | "openSync"
  | "readFileSync"
  | "readdirSync"
  | "renameSync"
  | "rmSync"
  | "writeSync"
>;

export const realDisk: Disk = fs;

/** Null: there is no such file. */
export function readIfThere(disk: Disk, path: string): string | null {
  try {
    return disk.readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

export interface Contents {
  readonly text: string;
  readonly mode: number;
  /** Root's, unless said otherwise. */
  readonly gid?: number;
}

/** Returns when the new file is on the disk for good. What is there already is not written again: cards wear out. */
export function replace(disk: Disk, path: string, { text, mode, gid }: Contents): void {
  const permit = (file: string) => {
    if (gid !== undefined) disk.chownSync(file, 0, gid);
    // Whatever the process' mask took away.
    disk.chmodSync(file, mode);
  };
  if (readIfThere(disk, path) === text) {
    permit(path);
    return;
  }
  disk.mkdirSync(dirname(path), { recursive: true });
  writeDraft(disk, path, text);
  permit(draftOf(path));
  disk.renameSync(draftOf(path), path);
  syncFolder(disk, dirname(path));
}

/** On a FAT partition, which knows no modes. */
export function replaceOnCard(disk: Disk, path: string, text: string): void {
  writeDraft(disk, path, text);
  disk.renameSync(draftOf(path), path);
  syncFolder(disk, dirname(path));
}

/** The same, and overwrites where it lay the old text, which nobody shall find there any more. */
export function replaceAndWipe(disk: Disk, path: string, text: string): void {
  const old = disk.openSync(path, "r+");
  try {
    replaceOnCard(disk, path, text);
    writeAll(disk, old, Buffer.alloc(disk.readFileSync(old).length));
    disk.fsyncSync(old);
  } finally {
    disk.closeSync(old);
  }
}

const draftOf = (path: string): string => `${path}.new`;

/** Nobody but root may read it yet. */
function writeDraft(disk: Disk, path: string, text: string): void {
  // One that a power cut left may have another mode.
  disk.rmSync(draftOf(path), { force: true });
  const file = disk.openSync(draftOf(path), "wx", 0o600);
  try {
    writeAll(disk, file, Buffer.from(text));
    disk.fsyncSync(file);
  } finally {
    disk.closeSync(file);
  }
}

export function remove(disk: Disk, path: string): void {
  if (!disk.existsSync(path)) return;
  disk.rmSync(path);
  syncFolder(disk, dirname(path));
}

/** Where a write begins is the file's beginning, wherever it was read to. */
function writeAll(disk: Disk, file: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; )
    done += disk.writeSync(file, bytes, done, bytes.length - done, done);
}

function syncFolder(disk: Disk, path: string): void {
  const folder = disk.openSync(path, "r");
  try {
    disk.fsyncSync(folder);
  } finally {
    disk.closeSync(folder);
  }
}
