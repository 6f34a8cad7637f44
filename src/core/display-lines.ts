// Lines for a display of 128 x 64 pixels: words cut and wrapped so that they fit.

import type { DisplayLine } from "./view.js";

/** Letters that fit in a line: large ones are 8 pixels wide, small ones 6. */
const width = { large: 16, small: 21 } as const;
const height = { large: 16, small: 8 } as const;
const displayHeight = 64;

export function large(text: string): DisplayLine {
  return { text: cut(text, width.large), size: "large" };
}

export function small(text: string): DisplayLine {
  return { text: cut(text, width.small), size: "small" };
}

/** A sentence in as many small lines as it needs. */
export function sentence(text: string): readonly DisplayLine[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width.small) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines.map(small);
}

/** At most `room` lines; what does not fit is missed: an ellipsis stands in its place. */
export function fitting(lines: readonly DisplayLine[], room: number): readonly DisplayLine[] {
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), small(`${lines[room - 1]?.text}…`)];
}

/** As many of the lines, from the top, as the display is high. */
export function screen(...lines: readonly DisplayLine[]): readonly DisplayLine[] {
  let used = 0;
  return lines.filter((line) => {
    used += height[line.size];
    return used <= displayHeight;
  });
}

/** Shortens to `length` letters, the last of which then is an ellipsis; at a space, where that costs little. */
export function cut(text: string, length: number): string {
  const letters = [...text];
  if (letters.length <= length) return text;
  const kept = letters.slice(0, length - 1).join("");
  const space = kept.lastIndexOf(" ");
  return `${space > length / 2 ? kept.slice(0, space) : kept}…`;
}
