// All that an update writes goes through here, so that a test can cut the power at each step of it.

import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export interface DiskFile {
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Returns when all that was written is on the medium. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Each rejects as node:fs does. */
export interface Disk {
  /** A new, empty file, or one that is begun anew. */
  create(path: string): Promise<DiskFile>;
  /** A file or partition that is there, to be overwritten from its beginning on. */
  overwrite(path: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** With all that is in it; what is not there is removed already. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Returns when the names in this folder are on the medium. */
  syncFolder(path: string): Promise<void>;
}

export const realDisk: Disk = {
  create: async (path) => new RealFile(await open(path, "w")),
  overwrite: async (path) => new RealFile(await open(path, "r+")),
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  async syncFolder(path) {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};

class RealFile implements DiskFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array, at: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }

  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** A power cut leaves the old file or the new one: the new one is on the medium before it gets the old one's name. */
export async function replaceOn(disk: Disk, path: string, contents: string | Uint8Array): Promise<void> {
  const draft = `${path}.new`;
  await writeNew(disk, draft, contents);
  await disk.rename(draft, path);
  await disk.syncFolder(dirname(path));
}

export async function writeNew(disk: Disk, path: string, contents: string | Uint8Array): Promise<void> {
  const file = await disk.create(path);
  try {
    await file.write(typeof contents === "string" ? Buffer.from(contents) : contents, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
