// The levels in the lowest page of the picture: what goes in on the left, what comes out on the right.

import type { Levels } from "../../audio/engine.js";
import { drawText } from "../font.js";
import { smallFont } from "../font-small.js";
import { meterPosition } from "../meter.js";
import { displayHeight, displayWidth, type Pixels } from "../pixels.js";

const top = displayHeight - 8;
const barHeight = 5;
const barWidth = 42;

/** Draws nothing where a line of text is in the way. */
export function drawLevels(pixels: Pixels, levels: Levels): void {
  if (!lowestPageIsFree(pixels)) return;
  drawBar(pixels, "in", 0, levels.capture);
  drawBar(pixels, "out", displayWidth / 2, levels.playback);
}

function lowestPageIsFree(pixels: Pixels): boolean {
  return pixels.bytes.subarray((top / 8) * displayWidth).every((byte) => byte === 0);
}

/** The louder side counts. A dot at the right end shows where full scale is. */
function drawBar(pixels: Pixels, label: string, left: number, sides: readonly number[]): void {
  drawText(pixels, smallFont, label, left, top, label.length);
  const start = left + (displayWidth / 2 - 2 - barWidth);
  const length = Math.round(meterPosition(Math.max(...sides)) * barWidth);
  for (let y = top + 1; y <= top + barHeight; y++) {
    for (let x = 0; x < length; x++) pixels.set(start + x, y);
    pixels.set(start + barWidth, y);
  }
}
