// A 128 x 64 picture of one bit a pixel, laid out as the display's own memory is.

export const WIDTH = 128;
export const HEIGHT = 64;
/** A page is eight rows of pixels; a byte holds one column of a page, its lowest bit on top. */
export const PAGES = HEIGHT / 8;

/** Drawing outside the picture is cut off, silently: what doesn't fit can't be seen. */
export class Pixels {
  /** PAGES x WIDTH bytes, page after page, as SSD1306 and SH1106 take them. */
  readonly bytes = new Uint8Array(PAGES * WIDTH);

  get(x: number, y: number): boolean {
    return inside(x, y) && ((this.bytes[index(x, y)] ?? 0) & bit(y)) !== 0;
  }

  set(x: number, y: number, lit = true): void {
    if (!inside(x, y)) return;
    const at = index(x, y);
    const old = this.bytes[at] ?? 0;
    this.bytes[at] = lit ? old | bit(y) : old & ~bit(y);
  }

  clear(): void {
    this.bytes.fill(0);
  }

  /** Lights the pixels of a small picture: a number per row, its bit `width - 1` leftmost. Dark ones stay as they were. */
  blit(rows: readonly number[], width: number, left: number, top: number): void {
    for (const [y, row] of rows.entries()) {
      for (let x = 0; x < width; x++) {
        if ((row >> (width - 1 - x)) & 1) this.set(left + x, top + y);
      }
    }
  }

  /** A horizontal bar: an outline of the given size, filled from the left; `filled` is 0 to 1. */
  bar(left: number, top: number, width: number, height: number, filled: number): void {
    const edge = left + Math.round(Math.min(1, Math.max(0, filled)) * width);
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) {
        const outline = y === top || y === top + height - 1 || x === left || x === left + width - 1;
        this.set(x, y, outline || x < edge);
      }
    }
  }

  equals(other: Pixels): boolean {
    return this.bytes.every((byte, at) => byte === other.bytes[at]);
  }
}

function inside(x: number, y: number): boolean {
  return x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT;
}

function index(x: number, y: number): number {
  return (y >> 3) * WIDTH + x;
}

function bit(y: number): number {
  return 1 << (y & 7);
}
