// An update from an address: asks for what is new there, and remembers what need not be asked for again.

import type { Disk } from "./disk.js";
import { type Download, download } from "./download.js";
import type { Layout } from "./layout.js";
import { Memory } from "./memory.js";
import type { Outcome, Updater } from "./updater.js";

export async function fromAddress(
  updater: Updater,
  disk: Disk,
  { memory: folder }: Pick<Layout, "memory">,
  url: string,
): Promise<Outcome> {
  const memory = new Memory(disk, folder);
  let present: Download | null = null;
  try {
    const outcome = await updater.update(async () => {
      const { fetched } = await memory.recall();
      const found = await download(url, fetched?.url === url ? fetched.etag : null);
      if (found === null || "reason" in found) return found;
      present = found;
      return found.source;
    });
    const etag = (present as Download | null)?.etag;
    if (etag && outcome.kind === "refused" && outcome.isFinal)
      await memory.remember({ fetched: { url, etag } });
    return outcome;
  } finally {
    (present as Download | null)?.close();
  }
}
