// A 128 x 64 picture of one bit a pixel, laid out as the display's own memory is.

export const displayWidth = 128;
export const displayHeight = 64;
/** A page is eight rows of pixels; a byte holds one column of a page, its lowest bit on top. */
const pages = displayHeight / 8;

/** Drawing outside the picture is cut off, silently: what doesn't fit can't be seen. */
export class Pixels {
  /** A byte for each column of each page, page after page, as SSD1306 and SH1106 take them. */
  readonly bytes = new Uint8Array(pages * displayWidth);

  get(x: number, y: number): boolean {
    return inside(x, y) && ((this.bytes[index(x, y)] ?? 0) & bit(y)) !== 0;
  }

  /** Lights a pixel. A picture is drawn anew for each change, so none goes out. */
  set(x: number, y: number): void {
    if (!inside(x, y)) return;
    const at = index(x, y);
    this.bytes[at] = (this.bytes[at] ?? 0) | bit(y);
  }

  /** Lights the pixels of a small picture: a number per row, its bit `width - 1` leftmost. Dark ones stay as they were. */
  blit(rows: readonly number[], width: number, left: number, top: number): void {
    for (const [y, row] of rows.entries()) {
      for (let x = 0; x < width; x++) {
        if ((row >> (width - 1 - x)) & 1) this.set(left + x, top + y);
      }
    }
  }

  copy(): Pixels {
    const copy = new Pixels();
    copy.bytes.set(this.bytes);
    return copy;
  }

  equals(other: Pixels): boolean {
    return this.bytes.every((byte, at) => byte === other.bytes[at]);
  }
}

function inside(x: number, y: number): boolean {
  return x >= 0 && x < displayWidth && y >= 0 && y < displayHeight;
}

function index(x: number, y: number): number {
  return (y >> 3) * displayWidth + x;
}

function bit(y: number): number {
  return 1 << (y & 7);
}
