// A terminal's screen as an SVG picture. Braille, blocks, frames and LEDs are drawn as shapes, so that only plain words
// depend on the viewer's font.

import type { Cell } from "./terminal-screen.js";

const CELL = { width: 9, height: 18 } as const;
const MARGIN = 18;
const BACKGROUND = "#0d1117";
const FOREGROUND = "#d0d7de";

export function terminalSvg(picture: readonly (readonly Cell[])[]): string {
  const width = (picture[0]?.length ?? 0) * CELL.width + 2 * MARGIN;
  const height = picture.length * CELL.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${BACKGROUND}"/>`,
    '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14.5" xml:space="preserve">',
    ...picture.flatMap((row, y) => rowShapes(row, MARGIN + y * CELL.height)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function rowShapes(row: readonly Cell[], top: number): string[] {
  const shapes: string[] = [];
  for (let column = 0; column < row.length; ) {
    const cell = row[column] as Cell;
    const left = MARGIN + column * CELL.width;
    const shape = cellShape(cell.text, left, top);
    if (shape !== null) {
      if (shape !== "") shapes.push(`<path d="${shape}" fill="${colour(cell.style)}"/>`);
      column++;
      continue;
    }
    const word = wordAt(row, column);
    shapes.push(wordShape(word, cell.style, left, top));
    column += word.length;
  }
  return merged(shapes);
}

/** Neighbouring shapes of one colour become one path. */
function merged(shapes: readonly string[]): string[] {
  const result: string[] = [];
  for (const shape of shapes) {
    const [, path, fill] = /^<path d="(.*)" fill="(.*)"\/>$/.exec(shape) ?? [];
    const [, before, beforeFill] = /^<path d="(.*)" fill="(.*)"\/>$/.exec(result.at(-1) ?? "") ?? [];
    if (path !== undefined && fill === beforeFill) {
      result[result.length - 1] = `<path d="${before}${path}" fill="${fill}"/>`;
    } else result.push(shape);
  }
  return result;
}

/** The path of a character that is drawn, "" for a space, null for a letter. */
function cellShape(character: string, left: number, top: number): string | null {
  const { width, height } = CELL;
  const middle = { x: left + width / 2, y: top + height / 2 };
  const code = character.codePointAt(0) ?? 0;
  if (character === " ") return "";
  if (code >= 0x2800 && code <= 0x28ff) return braille(code - 0x2800, left, top);
  if (code >= 0x2588 && code <= 0x258f) return box(left, top + 3, (width * (0x2590 - code)) / 8, height - 6);
  switch (character) {
    case "●":
      return disc(middle.x, middle.y, 5.5);
    case "○":
      return disc(middle.x, middle.y, 5.5) + disc(middle.x, middle.y, 4, 0);
    case "·":
      return box(middle.x - 0.75, middle.y - 0.75, 1.5, 1.5);
    case "─":
      return box(left, middle.y, width, 1);
    case "│":
      return box(middle.x, top, 1, height);
    case "╭":
      return box(middle.x, middle.y, width / 2, 1) + box(middle.x, middle.y, 1, height / 2);
    case "╮":
      return box(left, middle.y, width / 2 + 1, 1) + box(middle.x, middle.y, 1, height / 2);
    case "╰":
      return box(middle.x, middle.y, width / 2, 1) + box(middle.x, top, 1, height / 2);
    case "╯":
      return box(left, middle.y, width / 2 + 1, 1) + box(middle.x, top, 1, height / 2);
    default:
      return null;
  }
}

function braille(dots: number, left: number, top: number): string {
  const bits = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
  return bits
    .map((bit, n) => {
      const x = left + ((n % 2) * CELL.width) / 2;
      const y = top + (Math.floor(n / 2) * CELL.height) / 4;
      return dots & bit ? box(x + 0.25, y + 0.25, CELL.width / 2 - 0.5, CELL.height / 4 - 0.5) : "";
    })
    .join("");
}

function box(x: number, y: number, width: number, height: number): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
}

/** `sweep` 0 turns the other way, which makes a hole in a disc around it. */
function disc(x: number, y: number, radius: number, sweep = 1): string {
  const half = (to: number) => `a${radius} ${radius} 0 0 ${sweep} ${short(to)} 0`;
  return `M${short(x - radius)} ${short(y)}${half(2 * radius)}${half(-2 * radius)}z`;
}

/** Letters of one style from here to the next space or shape. */
function wordAt(row: readonly Cell[], column: number): string {
  const { style } = row[column] as Cell;
  const end = row.findIndex(
    (cell, at) => at > column && (cell.style !== style || cellShape(cell.text, 0, 0) !== null),
  );
  return row
    .slice(column, end === -1 ? row.length : end)
    .map((cell) => cell.text)
    .join("");
}

function wordShape(word: string, style: string, left: number, top: number): string {
  const weight = style === "1" ? ' font-weight="bold"' : "";
  const length = [...word].length * CELL.width;
  const escaped = word.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return (
    `<text x="${short(left)}" y="${short(top + 13.5)}" textLength="${length}" lengthAdjust="spacingAndGlyphs"` +
    `${weight} fill="${colour(style)}">${escaped}</text>`
  );
}

/** Truecolour only: that is what the picture is taken in. */
function colour(style: string): string {
  const [, red, green, blue] = /^38;2;(\d+);(\d+);(\d+)$/.exec(style) ?? [];
  if (red === undefined) return FOREGROUND;
  return `#${[red, green, blue].map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
