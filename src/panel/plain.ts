// The panel on one line of text, for a pipe, a log or a screen reader.

import type { PanelView } from "../core/view.js";
import { type Figures, figureWords } from "./figures.js";
import { printable } from "./text-width.js";

/** Without escape sequences and without a line end. */
export function renderPlain(view: PanelView, figures: Figures): string {
  const { link, rec, mute } = view.leds;
  const display = view.display.map((line) => printable(line.text).trim()).filter((text) => text !== "");
  return [
    figures.connection,
    `LINK ${link}`,
    `REC ${rec}`,
    `MUTE ${mute}`,
    ...figureWords(figures),
    `in ${levels(figures.levels.capture)}`,
    `out ${levels(figures.levels.playback)}`,
    `[${display.join(" | ")}]`,
  ].join("  ");
}

function levels(values: readonly number[]): string {
  return `${values.map((db) => Math.round(db)).join("/")} dBFS`;
}
