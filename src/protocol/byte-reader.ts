// A cursor over received bytes that can fail but never throws.

// Like a Qt program: bytes that are not UTF-8 become U+FFFD. A leading byte order mark stays, so text survives unchanged.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Reads little-endian numbers and texts in order. Once a read leaves the bytes, or somebody calls `fail()`,
 * the reader stays failed and every further read gives 0 or "": check `failed` once, at the end.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Bytes not read yet; 0 after a failure, so that a loop until the end ends. */
  get remaining(): number {
    return this.#failed ? 0 : this.#bytes.length - this.#offset;
  }

  /** For a value that was read but is not allowed. */
  fail(): void {
    this.#failed = true;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#bytes[at]!;
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  u32(): number {
    return this.i32() >>> 0;
  }

  i32(): number {
    const at = this.#take(4);
    if (at < 0) return 0;
    const bytes = this.#bytes;
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  /** The next `count` bytes, as a view of the input. */
  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return at < 0 ? new Uint8Array() : this.#bytes.subarray(at, at + count);
  }

  /** Text behind a u16 byte length; fails if it has more than `maxUnits` UTF-16 code units (spec 1.6). */
  string16(maxUnits: number): string {
    return this.#text(this.u16(), maxUnits);
  }

  /** Text behind a u8 byte length; fails if it has more than `maxUnits` UTF-16 code units (spec 1.6). */
  string8(maxUnits: number): string {
    return this.#text(this.u8(), maxUnits);
  }

  #text(byteLength: number, maxUnits: number): string {
    const text = utf8.decode(this.bytes(byteLength));
    if (text.length <= maxUnits) return text;
    this.fail();
    return "";
  }

  /** Moves on by `count` bytes and returns where they start, or fails and returns -1. */
  #take(count: number): number {
    if (this.#failed || count > this.#bytes.length - this.#offset) {
      this.#failed = true;
      return -1;
    }
    const at = this.#offset;
    this.#offset += count;
    return at;
  }
}
