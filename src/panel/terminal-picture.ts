// The whole panel as lines of terminal text: LEDs, display, meters, figures, keys. Pure; 80 columns by 24 lines.

import type { LedPattern, Leds, PanelView } from "../core/view.js";
import { brailleLines } from "./braille.js";
import { type Figures, figureWords } from "./figures.js";
import { ledLit } from "./led.js";
import { type MeterReading, meterSpans } from "./meter.js";
import { type ColourDepth, paintLine, type Span, span } from "./paint.js";
import { drawScreen } from "./screen.js";
import { printable } from "./text-width.js";

export interface TerminalModel {
  readonly title: string;
  readonly view: PanelView;
  readonly figures: Figures;
  /** A reading for each audio channel of `figures.levels`. */
  readonly meters: { readonly capture: readonly MeterReading[]; readonly playback: readonly MeterReading[] };
  /** The clock of the blink phases. */
  readonly nowMs: number;
}

const displayColumns = 64;
const displayLines = 16;
const meterCells = 25;

/** 24 lines, none wider than `columns`; without colour none holds an escape sequence. */
export function renderTerminal(model: TerminalModel, columns: number, colour: ColourDepth): string[] {
  const lines = [
    [span(` ${printable(model.title)}`, "strong")],
    ledSpans(model.view.leds, model.nowMs),
    ...displaySpans(model),
    meterLine("in", model.meters.capture),
    meterLine("out", model.meters.playback),
    [span(` ${figureWords(model.figures).join("   ")}`, "faint")],
    [...keySpans("C", "CONNECT"), ...keySpans("M", "MUTE"), ...keySpans("Q", "quit")],
  ];
  return lines.map((spans) => paintLine(spans, columns, colour));
}

function ledSpans(leds: Leds, nowMs: number): Span[] {
  const names = ["link", "rec", "mute"] as const;
  return names.flatMap((name) => {
    const pattern: LedPattern = leds[name];
    const lit = ledLit(pattern, nowMs);
    return [
      span(lit ? " ● " : " ○ ", lit ? name : "faint"),
      span(name.toUpperCase(), "strong"),
      span(` ${pattern.padEnd(15)}`, "faint"),
    ];
  });
}

/** The display in its frame, with the musicians' names beside it. */
function displaySpans(model: TerminalModel): Span[][] {
  const edge = "─".repeat(displayColumns);
  const middle = brailleLines(drawScreen(model.view.display)).map((line) => [
    span("│", "faint"),
    span(line, "pixel"),
    span("│", "faint"),
  ]);
  const frame = [[span(`╭${edge}╮`, "faint")], ...middle, [span(`╰${edge}╯`, "faint")]];
  const beside = musicianSpans(model.figures.musicians, displayLines);
  return frame.map((spans, line) => {
    const name = beside[line - 1];
    return name === undefined ? spans : [...spans, span(" "), ...name];
  });
}

function musicianSpans(names: readonly string[], room: number): Span[][] {
  if (names.length === 0) return [];
  const fits = names.length < room ? names.length : room - 2;
  const lines = names.slice(0, fits).map((name) => [span(printable(name))]);
  if (fits < names.length) lines.push([span(`+ ${names.length - fits} more`, "faint")]);
  return [[span(`Musicians ${names.length}`, "faint")], ...lines];
}

function meterLine(label: string, readings: readonly MeterReading[]): Span[] {
  const sides = readings.length > 1 ? ["L ", "R "] : ["  "];
  const bars = readings.flatMap((reading, side) => [
    span(sides[side] ?? "  ", "faint"),
    ...meterSpans(reading, meterCells),
    span("  "),
  ]);
  return [span(` ${label}`.padEnd(5), "faint"), ...bars, span("dBFS", "faint")];
}

function keySpans(key: string, meaning: string): Span[] {
  return [span(` ${key} `, "strong"), span(`${meaning}  `, "faint")];
}
