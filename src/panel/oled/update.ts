// A picture as I2C writes: of each page only the stretches of columns that differ from what the display holds.

import { displayHeight, displayWidth, Pixels } from "../pixels.js";
import type { Controller } from "./controllers.js";

/** First byte of a write: what follows are commands, or bytes for the memory. */
const commands = 0x00;
const data = 0x40;

const pages = displayHeight / 8;

/** A stretch costs seven bytes besides its own; a shorter gap is cheaper sent than left out. */
const widestGap = 7;

interface Stretch {
  readonly page: number;
  readonly from: number;
  readonly to: number;
}

/** The write that switches the display off, whatever is in its memory. */
export const displayOff = Uint8Array.of(commands, 0xae);

/** Writes that turn the picture `before` into `after`; none if they are the same. */
export function changeWrites(controller: Controller, before: Pixels, after: Pixels): Uint8Array[] {
  return changedStretches(before, after).flatMap((stretch) => stretchWrites(controller, stretch, after));
}

/** Writes for a display that may hold anything, or has just got power: setup, the whole picture, and only then light. */
export function freshWrites(controller: Controller, picture: Pixels, contrast: number): Uint8Array[] {
  return [
    Uint8Array.of(commands, ...controller.setup, 0x81, contrast),
    ...wholePicture(controller, picture),
    Uint8Array.of(commands, 0xaf),
  ];
}

/** Writes that leave the display dark, and nothing in its memory. */
export function darkWrites(controller: Controller): Uint8Array[] {
  return [Uint8Array.of(commands, 0xae, ...controller.setup), ...wholePicture(controller, new Pixels())];
}

function wholePicture(controller: Controller, picture: Pixels): Uint8Array[] {
  return Array.from({ length: pages }, (_, page) =>
    stretchWrites(controller, { page, from: 0, to: displayWidth }, picture),
  ).flat();
}

function stretchWrites(controller: Controller, { page, from, to }: Stretch, picture: Pixels): Uint8Array[] {
  const column = controller.firstColumn + from;
  const start = page * displayWidth;
  return [
    Uint8Array.of(commands, 0xb0 | page, column & 0x0f, 0x10 | (column >> 4)),
    Uint8Array.of(data, ...picture.bytes.subarray(start + from, start + to)),
  ];
}

function changedStretches(before: Pixels, after: Pixels): Stretch[] {
  const stretches: Stretch[] = [];
  for (let page = 0; page < pages; page++) {
    let open: { from: number; to: number } | null = null;
    for (let column = 0; column < displayWidth; column++) {
      const at = page * displayWidth + column;
      if (before.bytes[at] === after.bytes[at]) continue;
      if (open !== null && column - open.to <= widestGap) {
        open.to = column + 1;
        continue;
      }
      if (open !== null) stretches.push({ page, ...open });
      open = { from: column, to: column + 1 };
    }
    if (open !== null) stretches.push({ page, ...open });
  }
  return stretches;
}
