// Bytes from a stream, as lines of bounded length.

const newline = 0x0a;

export class LineReader {
  readonly #maxBytes: number;
  #unfinished: Buffer[] = [];
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that are whole now. `tooLong`: the next one exceeds the bound, and the stream is of no more use. */
  push(chunk: Buffer): { lines: string[]; tooLong: boolean } {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      if (!this.#keep(chunk.subarray(start, end))) return { lines, tooLong: true };
      lines.push(Buffer.concat(this.#unfinished).toString("utf8"));
      this.#unfinished = [];
      this.#size = 0;
      start = end + 1;
    }
    return { lines, tooLong: !this.#keep(chunk.subarray(start)) };
  }

  #keep(part: Buffer): boolean {
    this.#size += part.length;
    if (this.#size > this.#maxBytes) return false;
    if (part.length > 0) this.#unfinished.push(part);
    return true;
  }
}
