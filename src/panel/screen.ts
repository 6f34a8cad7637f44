// What the display shows, as a picture: the view's lines from top to bottom.

import type { DisplayLine } from "../core/view.js";
import { drawText } from "./font.js";
import { largeFont } from "./font-large.js";
import { smallFont } from "./font-small.js";
import { displayHeight, displayWidth, Pixels } from "./pixels.js";

/** Pure. A line that is too long is cut after the last letter that fits whole; lines below the lower edge are left out. */
export function drawScreen(display: readonly DisplayLine[]): Pixels {
  const pixels = new Pixels();
  let top = 0;
  for (const line of display) {
    const font = line.size === "large" ? largeFont : smallFont;
    if (top + font.height > displayHeight) break;
    drawText(pixels, font, line.text, 0, top, Math.floor(displayWidth / font.width));
    top += font.height;
  }
  return pixels;
}
