// Spans of text with a role each, and the escape sequences that give a role its colour.

import { clip, columnsOf } from "./text-width.js";

/** Bits of colour, as Node's `getColorDepth` counts them; 1 stands for none, and then no escape is written. */
export type ColourDepth = 1 | 4 | 8 | 24;

export type Role =
  | "plain"
  | "strong"
  | "faint"
  | "link"
  | "rec"
  | "mute"
  | "pixel"
  | "low"
  | "middle"
  | "high";

export interface Span {
  readonly text: string;
  readonly role: Role;
}

/** SGR parameters for 16 colours, 256 colours and truecolour. */
const colours: Record<Exclude<Role, "plain">, Record<4 | 8 | 24, string>> = {
  strong: { 4: "1", 8: "1", 24: "1" },
  faint: { 4: "90", 8: "38;5;243", 24: "38;2;120;128;138" },
  link: { 4: "92", 8: "38;5;77", 24: "38;2;90;220;110" },
  rec: { 4: "91", 8: "38;5;203", 24: "38;2;255;85;80" },
  mute: { 4: "93", 8: "38;5;214", 24: "38;2;255;180;50" },
  pixel: { 4: "96", 8: "38;5;159", 24: "38;2;170;240;255" },
  low: { 4: "32", 8: "38;5;71", 24: "38;2;80;180;100" },
  middle: { 4: "33", 8: "38;5;178", 24: "38;2;225;180;50" },
  high: { 4: "31", 8: "38;5;167", 24: "38;2;230;80;70" },
};

export function span(text: string, role: Role = "plain"): Span {
  return { text, role };
}

/** One terminal line out of spans, cut to this many columns. Every colour is switched off again at the end of its span. */
export function paintLine(spans: readonly Span[], columns: number, depth: ColourDepth): string {
  let line = "";
  let left = columns;
  for (const { text, role } of spans) {
    const clipped = clip(text, left);
    if (clipped !== "") line += paint(clipped, role, depth);
    left -= columnsOf(clipped);
    if (clipped !== text) break;
  }
  return line;
}

function paint(text: string, role: Role, depth: ColourDepth): string {
  if (depth === 1 || role === "plain") return text;
  return `\x1b[${colours[role][depth]}m${text}\x1b[0m`;
}
