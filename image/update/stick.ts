// Bundles on a USB stick: of those that are signed and wanted, the newest.

import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readBundle } from "./read-bundle.js";
import type { Refusal } from "./refusal.js";
import { type Choose, type Source, SourceLost } from "./updater.js";
import { isNewer, parseVersion, type Version } from "./version.js";

/** More are not looked at. */
const maxBundles = 16;

/** Takes from the top folder of what is mounted there. */
export function fromStick(folder: string): Choose {
  return async (keys, judge) => {
    const names = (await readdir(folder)).filter((name) => /^[^.].*\.plugjam$/i.test(name)).sort();
    let best: { readonly source: Source; readonly version: Version } | null = null;
    let refusal: Refusal | null = null;
    for (const name of names.slice(0, maxBundles)) {
      const source: Source = { read: () => fileOf(join(folder, name)) };
      let wanted: Version | null = null;
      const end = await readBundle(source.read(), keys, async (offer) => {
        const unwanted = await judge(offer);
        if (unwanted !== null) return unwanted;
        wanted = parseVersion(offer.manifest.version);
        return seen;
      });
      if (wanted === null) refusal = end;
      else if (best === null || isNewer(wanted, best.version)) best = { source, version: wanted };
    }
    return best?.source ?? refusal;
  };
}

async function* fileOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const { code = error } = error as NodeJS.ErrnoException;
    throw new SourceLost(`The stick cannot be read (${code}): plug it in again, or copy the bundle anew.`);
  }
}

/** Its manifest was to be seen, no more. */
const seen: Refusal = { reason: "", isFinal: false };
