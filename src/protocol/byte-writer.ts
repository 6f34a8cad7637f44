// A cursor that builds a message body, the counterpart of ByteReader.

const utf8 = new TextEncoder();

/**
 * Writes little-endian numbers and texts in order into a buffer that grows. What we send is ours, so a number that
 * does not fit its field, or a text that is too long, is a bug and throws a RangeError.
 */
export class ByteWriter {
  #buffer = new Uint8Array(64);
  #length = 0;

  /** A copy of what was written. */
  take(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  u8(value: number): void {
    this.#integer(value, 1, 0, 0xff);
  }

  u16(value: number): void {
    this.#integer(value, 2, 0, 0xffff);
  }

  u32(value: number): void {
    this.#integer(value, 4, 0, 0xffffffff);
  }

  i32(value: number): void {
    this.#integer(value, 4, -0x80000000, 0x7fffffff);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** Text behind a u16 byte length, at most `maxUnits` UTF-16 code units. */
  string16(text: string, maxUnits: number): void {
    const bytes = encodeText(text, maxUnits);
    this.u16(bytes.length);
    this.bytes(bytes);
  }

  /** Text behind a u8 byte length, at most `maxUnits` UTF-16 code units. */
  string8(text: string, maxUnits: number): void {
    const bytes = encodeText(text, maxUnits);
    this.u8(bytes.length);
    this.bytes(bytes);
  }

  #integer(value: number, size: number, min: number, max: number): void {
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`${value} is not an integer from ${min} to ${max}`);
    }
    const at = this.#grow(size);
    for (let i = 0; i < size; i++) this.#buffer[at + i] = value >> (8 * i);
  }

  /** Makes room for `count` more bytes and returns where they go. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length));
      larger.set(this.#buffer.subarray(0, at));
      this.#buffer = larger;
    }
    return at;
  }
}

function encodeText(text: string, maxUnits: number): Uint8Array {
  if (text.length > maxUnits)
    throw new RangeError(`text of ${text.length} characters, at most ${maxUnits} fit`);
  return utf8.encode(text);
}
