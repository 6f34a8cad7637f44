// What a good card came to, kept as the very files, so that a start with the same card need not read it: Node alone takes a
// second or two on a small Pi. `plugjam-provision` compares what it depends on, and copies it.

import { join } from "node:path";
import { type Contents, type Disk, remove, replace } from "./disk.js";

/** Secrets are among them. */
const folder = "data/secrets/outcome";
/** Written last, removed first: without it the files mean nothing. */
const inputsFile = `${folder}/inputs`;

export function forgetOutcome(disk: Disk, root: string): void {
  remove(disk, join(root, inputsFile));
  disk.rmSync(join(root, folder), { recursive: true, force: true });
}

/** Those in /etc: what is on the data partition stays there. */
export function keepOutcome(
  disk: Disk,
  root: string,
  files: readonly { readonly path: string; readonly contents: Contents }[],
  inputs: string,
): void {
  for (const { path, contents } of files) {
    if (path.startsWith("etc/")) replace(disk, join(root, folder, path), contents);
  }
  replace(disk, join(root, inputsFile), { text: `${inputs}\n`, mode: 0o600 });
}
