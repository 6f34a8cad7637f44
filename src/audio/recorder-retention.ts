// Deletes recordings that are older than the operator wants to keep them; nothing else, wherever it lies.

import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const dayMs = 86_400_000;

/** As the recorder names its folders, in UTC. */
const pattern = /^Jam-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)(\d{3})$/;

/**
 * Deletes the sessions directly below `folder` that began, and were changed last, more than `days` days before `now`; not
 * those in `spared`. A link is never followed. Resolves to how many it deleted; rejects as node:fs does, save for a
 * `folder` that does not exist.
 */
export async function deleteOldSessions(
  folder: string,
  days: number,
  now: Date,
  spared: ReadonlySet<string> = new Set(),
): Promise<number> {
  let deleted = 0;
  for (const name of await names(folder)) {
    const begun = beginOf(name);
    if (begun === null || spared.has(name)) continue;
    const path = join(folder, name);
    const status = await lstat(path);
    // A box without a battery begins its days with a wrong clock: the later date counts.
    const age = now.getTime() - Math.max(begun, status.mtimeMs);
    if (!status.isDirectory() || age <= days * dayMs) continue;
    await rm(path, { recursive: true });
    deleted += 1;
  }
  return deleted;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** In ms since 1970; null: this is no session of ours. */
function beginOf(name: string): number | null {
  const parts = pattern.exec(name)?.slice(1).map(Number);
  if (parts === undefined) return null;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, ms = 0] = parts;
  return Date.UTC(year, month - 1, day, hours, minutes, seconds, ms);
}
