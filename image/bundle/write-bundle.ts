// Writes a bundle: a plain tar, first what it is and who says so, then what a box needs to boot, at last the root file system.

import { execFileSync } from "node:child_process";
import { createHash, type KeyObject } from "node:crypto";
import {
  cpSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { create } from "tar";
import {
  type BundleFile,
  bootFolder,
  type Manifest,
  manifestName,
  parseManifest,
  rootName,
  signatureName,
} from "../update/manifest.js";
import { signBytes } from "../update/update-key.js";
import { imageVersion } from "../update/version.js";
import type { Parts } from "./parts.js";

export interface BundleParts {
  readonly parts: Pick<Parts, "root" | "boot">;
  readonly privateKey: KeyObject;
  readonly board: string;
  readonly allowDowngrade: boolean;
  /** Where the bundle goes. */
  readonly folder: string;
  /** Otherwise that of the root file system. */
  readonly version?: string;
}

/** What FAT may need beyond the bytes of the files: a cluster for each, and folders. */
const bytesPerFile = 32 * 1024;

export async function writeBundle(
  bundle: BundleParts,
): Promise<{ path: string; version: string; bytes: number }> {
  const { parts, privateKey, board, allowDowngrade, folder } = bundle;
  const version = bundle.version ?? versionIn(parts.root);
  mkdirSync(folder, { recursive: true });
  // Beside the bundle: the root file system may be too large for a folder in memory.
  const work = mkdtempSync(join(folder, ".bundle-"));
  try {
    cpSync(parts.boot, join(work, bootFolder), { recursive: true, dereference: true });
    symlinkSync(resolve(parts.root), join(work, rootName));
    const names = [...filesIn(join(work, bootFolder)).map((name) => `${bootFolder}/${name}`), rootName];
    const files: BundleFile[] = [];
    for (const name of names) files.push(await describe(work, name));
    const manifest: Manifest = { format: 1, version, board, allowDowngrade, needs: needsOf(files), files };
    const written = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    if (parseManifest(written) === null)
      throw new Error(
        "A boot file is empty, or has a name that a bundle cannot hold: letters, digits, . _ + - only.",
      );
    writeFileSync(join(work, manifestName), written);
    writeFileSync(join(work, signatureName), signBytes(written, privateKey));
    const path = join(folder, `plugjam-${version}.plugjam`);
    const draft = join(work, "bundle.tar");
    const order = [manifestName, signatureName, ...names];
    // Neither times nor owners of this machine, so that the same parts make the same bundle.
    await create({ cwd: work, file: draft, follow: true, portable: true, noPax: true, noMtime: true }, order);
    renameSync(draft, path);
    return { path, version, bytes: statSync(path).size };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function versionIn(root: string): string {
  let osRelease: string;
  try {
    osRelease = execFileSync("unsquashfs", ["-cat", root, "usr/lib/os-release"], {
      encoding: "utf8",
      stdio: "pipe",
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new Error("unsquashfs is missing. Install Debian's package squashfs-tools.");
    throw new Error(`${root} is no squashfs with a system in it: name one that npm run image made.`);
  }
  const version = imageVersion(osRelease);
  if (version === null)
    throw new Error(`${root} does not say its version: name one that npm run image made.`);
  return version.text;
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

async function describe(folder: string, name: string): Promise<BundleFile> {
  const path = join(folder, name);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return { name, bytes: statSync(path).size, sha256: hash.digest("hex") };
}

function needsOf(files: readonly BundleFile[]): Manifest["needs"] {
  const boot = files.filter(({ name }) => name !== rootName);
  const bootBytes = boot.reduce((sum, { bytes }) => sum + bytes + bytesPerFile, 0);
  return { bootBytes, rootBytes: files.at(-1)?.bytes ?? 0 };
}
