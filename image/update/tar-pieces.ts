// A tar as it comes, piece by piece: which file begins, its bytes, its end. Holds one chunk of the input at a time.

import { Parser } from "tar";

export type Piece =
  | { readonly kind: "begin"; readonly name: string; readonly bytes: number; readonly isFile: boolean }
  | { readonly kind: "data"; readonly data: Uint8Array }
  | { readonly kind: "end" };

/** What the input is not: a whole, plain tar. */
export class NoTar extends Error {}

/** Headers that speak of the next header are kept whole; ours need none. */
const maxMetaBytes = 4096;
const headerBytes = 512;
const magic = "ustar";
const magicAt = 257;

/** Throws `NoTar`, and what the input throws. */
export async function* tarPieces(input: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const pieces: Piece[] = [];
  let failure: unknown;
  const parser = new Parser({ strict: true, maxMetaEntrySize: maxMetaBytes, brotli: false, zstd: false });
  parser.on("error", (error: unknown) => {
    failure ??= error;
  });
  // An entry that is read as it comes passes all that it has on before write() returns, so that nothing piles up.
  parser.on("entry", (entry) => {
    const { path: name, size: bytes, type } = entry;
    pieces.push({ kind: "begin", name, bytes, isFile: type === "File" });
    entry.on("data", (data: Uint8Array) => pieces.push({ kind: "data", data }));
    entry.on("end", () => pieces.push({ kind: "end" }));
  });
  for await (const chunk of plainTar(input)) {
    parser.write(chunk);
    if (failure !== undefined) throw new NoTar(String(failure));
    yield* pieces.splice(0);
  }
  parser.end();
  if (failure !== undefined) throw new NoTar(String(failure));
  yield* pieces.splice(0);
}

/** The parser would unpack what is compressed, at its own pace. */
async function* plainTar(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (head === null) {
      yield bytes;
      continue;
    }
    head = Buffer.concat([head, bytes]);
    if (head.length < headerBytes) continue;
    if (head.toString("latin1", magicAt, magicAt + magic.length) !== magic) throw new NoTar("no tar header");
    yield head;
    head = null;
  }
  if (head !== null) throw new NoTar("shorter than a tar header");
}
