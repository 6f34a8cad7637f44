// Replaces a file as a whole: a power cut leaves the old one or the new one, never half of one.

import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes the folder where it is missing. Rejects as node:fs does. */
export async function replaceFile(file: string, contents: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.new`;
  const handle = await open(draft, "w");
  try {
    await handle.writeFile(contents);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
