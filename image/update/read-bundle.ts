// Reads a bundle once, from front to end: believes nothing in it before its signature holds, and no file before its hash does.

import { createHash, type Hash, type KeyObject } from "node:crypto";
import {
  type BundleFile,
  type Manifest,
  manifestName,
  maxManifestBytes,
  parseManifest,
  signatureName,
} from "./manifest.js";
import type { Refusal } from "./refusal.js";
import { NoTar, tarPieces } from "./tar-pieces.js";
import { isSignedBy, signatureBytes } from "./update-key.js";

/** Who takes the files. Each is told that it ended well only after its bytes were compared with the signed hash. */
export interface Receiver {
  begin(file: BundleFile): Promise<void>;
  data(bytes: Uint8Array): Promise<void>;
  end(file: BundleFile): Promise<void>;
}

export interface Offer {
  readonly manifest: Manifest;
  /** Tells this bundle from any other: the hash of its manifest, which holds the hashes of all the rest. */
  readonly id: string;
}

/** Gives who takes the files, or why nobody does. */
export type Accept = (offer: Offer) => Promise<Receiver | Refusal>;

export const damaged: Refusal = {
  reason: "The bundle is damaged or incomplete: copy or download it again.",
  isFinal: false,
};
const unsigned: Refusal = {
  reason: "The bundle is not signed by a key of this school: sign it with the key that plugjam.toml names.",
  isFinal: true,
};
const unknownFormat: Refusal = {
  reason: "The bundle is of a format that this box does not know: make it with the box's own version.",
  isFinal: true,
};

/** Null: all was there, all was right, and the receiver has it all. Throws what input or receiver throw. */
export async function readBundle(
  input: AsyncIterable<Uint8Array>,
  keys: readonly KeyObject[],
  accept: Accept,
): Promise<Refusal | null> {
  const reader = new BundleReader(keys, accept);
  try {
    for await (const piece of tarPieces(input)) {
      const refusal =
        piece.kind === "begin"
          ? await reader.begin(piece.name, piece.bytes, piece.isFile)
          : piece.kind === "data"
            ? await reader.data(piece.data)
            : await reader.end();
      if (refusal !== null) return refusal;
    }
  } catch (error) {
    if (error instanceof NoTar) return damaged;
    throw error;
  }
  return reader.isComplete ? null : damaged;
}

class BundleReader {
  readonly #keys: readonly KeyObject[];
  readonly #accept: Accept;
  #manifest: Uint8Array | null = null;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #part: "manifest" | "signature" | "files" = "manifest";
  #receiver: Receiver | null = null;
  #expected: BundleFile[] = [];
  #present: { readonly file: BundleFile; readonly hash: Hash } | null = null;

  constructor(keys: readonly KeyObject[], accept: Accept) {
    this.#keys = keys;
    this.#accept = accept;
  }

  get isComplete(): boolean {
    return this.#receiver !== null && this.#expected.length === 0 && this.#present === null;
  }

  async begin(name: string, bytes: number, isFile: boolean): Promise<Refusal | null> {
    if (!isFile) return damaged;
    if (this.#part === "manifest") return name === manifestName && bytes <= maxManifestBytes ? null : damaged;
    if (this.#part === "signature")
      return name === signatureName && bytes === signatureBytes ? null : damaged;
    const file = this.#expected.shift();
    if (file === undefined || file.name !== name || file.bytes !== bytes) return damaged;
    this.#present = { file, hash: createHash("sha256") };
    await this.#receiver!.begin(file);
    return null;
  }

  async data(bytes: Uint8Array): Promise<Refusal | null> {
    if (this.#present === null) {
      this.#heldBytes += bytes.length;
      if (this.#heldBytes > maxManifestBytes) return damaged;
      this.#held.push(bytes);
      return null;
    }
    this.#present.hash.update(bytes);
    await this.#receiver!.data(bytes);
    return null;
  }

  async end(): Promise<Refusal | null> {
    const present = this.#present;
    if (present !== null) {
      this.#present = null;
      if (present.hash.digest("hex") !== present.file.sha256) return damaged;
      await this.#receiver!.end(present.file);
      return null;
    }
    const held = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    if (this.#part === "manifest") {
      this.#manifest = held;
      this.#part = "signature";
      return null;
    }
    this.#part = "files";
    return this.#believe(this.#manifest!, held);
  }

  async #believe(written: Uint8Array, signature: Uint8Array): Promise<Refusal | null> {
    if (!isSignedBy(this.#keys, written, signature)) return unsigned;
    const manifest = parseManifest(written);
    if (manifest === null) return unknownFormat;
    const accepted = await this.#accept({ manifest, id: createHash("sha256").update(written).digest("hex") });
    if ("reason" in accepted) return accepted;
    this.#receiver = accepted;
    this.#expected = [...manifest.files];
    return null;
  }
}
