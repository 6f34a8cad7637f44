// Text as pixels: a fixed-width bitmap font, and what becomes of letters it lacks.

import type { Pixels } from "./pixels.js";

export interface Font {
  readonly width: number;
  readonly height: number;
  /** Two hexadecimal digits a row, top row first; the leftmost pixel is bit 7. */
  readonly glyphs: ReadonlyMap<string, string>;
}

/** Letters and marks that Unicode's own decomposition leaves alone. */
const speltOut: ReadonlyMap<string, string> = new Map([
  ["‘", "'"],
  ["’", "'"],
  ["‚", ","],
  ["“", '"'],
  ["”", '"'],
  ["„", '"'],
  ["‐", "-"],
  ["–", "-"],
  ["—", "-"],
  ["−", "-"],
  ["•", "·"],
  ["Œ", "OE"],
  ["œ", "oe"],
  ["Ł", "L"],
  ["ł", "l"],
  ["Đ", "D"],
  ["đ", "d"],
  ["Ħ", "H"],
  ["ħ", "h"],
  ["ı", "i"],
  ["€", "EUR"],
  ["♭", "b"],
  ["♯", "#"],
]);

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text in letters that the font has: the same, the plain letter under the accents, or a question mark. */
export function fold(text: string, font: Font): string {
  let folded = "";
  for (const { segment } of graphemes.segment(text.normalize("NFC"))) folded += foldOne(segment, font);
  return folded;
}

function foldOne(grapheme: string, font: Font): string {
  if (font.glyphs.has(grapheme)) return grapheme;
  if (/^\s+$/u.test(grapheme)) return " ";
  if (/^[\p{C}\p{M}]+$/u.test(grapheme)) return "";
  const plain = grapheme.normalize("NFKD").replace(/\p{M}/gu, "");
  let spelt = "";
  for (const letter of plain) {
    const known = speltOut.get(letter) ?? letter;
    if ([...known].some((character) => !font.glyphs.has(character))) return "?";
    spelt += known;
  }
  return spelt;
}

/** Draws one line of text, at most `columns` letters of it. */
export function drawText(
  pixels: Pixels,
  font: Font,
  text: string,
  left: number,
  top: number,
  columns: number,
): void {
  for (const [column, character] of [...fold(text, font)].slice(0, columns).entries()) {
    pixels.blit(glyphRows(font, character), 8, left + column * font.width, top);
  }
}

function glyphRows(font: Font, character: string): number[] {
  const hex = font.glyphs.get(character) ?? "";
  return Array.from({ length: hex.length / 2 }, (_, row) =>
    Number.parseInt(hex.slice(2 * row, 2 * row + 2), 16),
  );
}
