// What a bundle says of itself, in manifest.json: its version, and each of its files with size and hash.

import * as v from "valibot";
import { parseVersion } from "./version.js";

export const manifestName = "manifest.json";
export const signatureName = "manifest.sig";
export const rootName = "root.squashfs";
/** In the bundle; on the card it is the folder of a slot. */
export const bootFolder = "boot";

/** A manifest that is larger is not read to its end. */
export const maxManifestBytes = 256 * 1024;

/** Plain names of a FAT file system, at most two folders deep, that a tar header holds without extensions. */
const filePath = new RegExp(`^(?:${rootName}|${bootFolder}(?:/[A-Za-z0-9_+][A-Za-z0-9._+-]*){1,3})$`);

/** As much as a plain tar header can say. */
const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(8 * 1024 ** 3 - 1));

const file = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(100), v.regex(filePath)),
  bytes,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const schema = v.pipe(
  v.strictObject({
    format: v.literal(1),
    version: v.pipe(
      v.string(),
      v.check((text) => parseVersion(text) !== null),
    ),
    board: v.string(),
    /** The school wants it even where something newer runs. */
    allowDowngrade: v.optional(v.boolean(), false),
    /** What must be free on the FAT partition, and how large a slot must be. */
    needs: v.strictObject({ bootBytes: bytes, rootBytes: bytes }),
    files: v.pipe(v.array(file), v.minLength(2), v.maxLength(1000)),
  }),
  v.check(({ files }) => files.at(-1)?.name === rootName && isEachOnce(files)),
);

export type Manifest = v.InferOutput<typeof schema>;
export type BundleFile = Manifest["files"][number];

/** Null: these bytes are no manifest of a format we know. */
export function parseManifest(written: Uint8Array): Manifest | null {
  let read: unknown;
  try {
    read = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(written));
  } catch {
    return null;
  }
  const parsed = v.safeParse(schema, read);
  return parsed.success ? parsed.output : null;
}

/** FAT knows no case: two names that differ in nothing else are the same file. */
function isEachOnce(files: readonly { name: string }[]): boolean {
  return new Set(files.map(({ name }) => name.toLowerCase())).size === files.length;
}
