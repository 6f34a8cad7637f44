// Replaces a file as a whole: a power cut leaves the old one or the new one, never half of one.

import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Where the new one is until it is on the disk. A process that is killed meanwhile leaves it there, whole or not. */
export function draftOf(file: string): string {
  return `${file}.new`;
}

/** Makes the folder where it is missing. Rejects as node:fs does. */
export async function replaceFile(file: string, contents: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = draftOf(file);
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
