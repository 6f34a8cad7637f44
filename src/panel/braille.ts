// A 1-bit picture in Braille characters: two by four pixels each, so 128 x 64 pixels take 64 x 16 characters.

import { displayHeight, displayWidth, type Pixels } from "./pixels.js";

/** Bit of each dot, row by row, left before right. */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** 16 lines of 64 characters; a dark cell is a space, which every font has. */
export function brailleLines(pixels: Pixels): string[] {
  const lines: string[] = [];
  for (let top = 0; top < displayHeight; top += 4) {
    let line = "";
    for (let left = 0; left < displayWidth; left += 2) line += brailleCell(pixels, left, top);
    lines.push(line);
  }
  return lines;
}

function brailleCell(pixels: Pixels, left: number, top: number): string {
  let dots = 0;
  for (const [y, row] of dotBits.entries()) {
    for (const [x, dot] of row.entries()) if (pixels.get(left + x, top + y)) dots |= dot;
  }
  return dots === 0 ? " " : String.fromCodePoint(0x2800 + dots);
}
