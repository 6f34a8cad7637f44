// Draws the wires of a build as SVG: the header as one sees it from above, and the parts beside it.

import { pinCount, pinName } from "./header.js";
import type { Part, Wire } from "./wiring.js";

const pitch = 22;
const header = { left: 60, top: 84, width: 2 * pitch + 8 };
const parts = { left: 340, width: 300, gap: 16, row: 24, head: 44 };

const text = (x: number, y: number, words: string, more = "") =>
  `<text x="${x}" y="${y}" ${more}>${words}</text>`;

function pinAt(pin: number): { x: number; y: number } {
  const row = Math.floor((pin - 1) / 2);
  return {
    x: header.left + 4 + pitch / 2 + (pin % 2 === 0 ? pitch : 0),
    y: header.top + 4 + pitch / 2 + row * pitch,
  };
}

function pinDrawing(pin: number, wire: Wire | undefined): string {
  const { x, y } = pinAt(pin);
  const hole = `<rect x="${x - 8}" y="${y - 8}" width="16" height="16" rx="${pin === 1 ? 0 : 8}" fill="${wire?.colour ?? "#c9ced6"}"/>`;
  const number = text(x, y + 4, String(pin), `class="pin" fill="${wire ? "#fff" : "#555d68"}"`);
  return hole + number;
}

function partDrawing(part: Part, top: number): string {
  const height = parts.head + part.wires.length * parts.row;
  const yOf = (at: number) => top + parts.head + at * parts.row + 8;
  const lines = part.wires.map((wire, at) => wireDrawing(wire, yOf(at)));
  const labels = part.wires.map(({ pin, label }, at) => {
    const from = `from pin ${pin} (${pinName(pin)})`;
    return (
      text(parts.left + 12, yOf(at) + 5, label, 'class="used"') +
      text(parts.left + parts.width - 12, yOf(at) + 5, from, 'text-anchor="end"')
    );
  });
  const box = `<rect x="${parts.left}" y="${top}" width="${parts.width}" height="${height}" rx="8" fill="#eef1f5" stroke="#aeb5bf"/>`;
  const title = text(parts.left + 12, top + 20, part.name, 'class="title"');
  const note = text(
    parts.left + parts.width - 12,
    top + 20,
    part.note ?? "",
    'text-anchor="end" class="note"',
  );
  return `${box}${title}${note}${labels.join("")}${lines.join("")}`;
}

/** An odd pin is in the far row: its wire leaves between two pins of the near one. */
function wireDrawing({ pin, colour }: Wire, y: number): string {
  const from = pinAt(pin);
  const far = pin % 2 === 1;
  const begin = far ? { x: from.x + 14 + pitch, y: from.y + pitch / 2 } : { x: from.x + 8, y: from.y };
  const start = far
    ? `M${from.x + 8} ${from.y}L${from.x + 14} ${begin.y}H${begin.x}`
    : `M${begin.x} ${begin.y}`;
  const bend = `C${begin.x + 150} ${begin.y} ${parts.left - 130} ${y} ${parts.left} ${y}`;
  return `<path d="${start}${bend}" stroke="${colour}" fill="none" stroke-width="3.5"/>`;
}

/** An SVG of the header and of all parts, in the order in which they are given. */
export function wiringPicture(title: string, wired: readonly Part[]): string {
  const wires = wired.flatMap((part) => part.wires);
  const pins = Array.from({ length: pinCount }, (_, at) =>
    pinDrawing(
      at + 1,
      wires.find(({ pin }) => pin === at + 1),
    ),
  );
  let top = header.top;
  const drawings = wired.map((part) => {
    const drawing = partDrawing(part, top);
    top += parts.head + part.wires.length * parts.row + parts.gap;
    return drawing;
  });
  const board = `<rect x="${header.left}" y="${header.top}" width="${header.width}" height="${8 + (pinCount / 2) * pitch}" rx="4" fill="#22262c"/>`;
  const width = parts.left + parts.width + 16;
  const height = Math.max(top, header.top + 8 + (pinCount / 2) * pitch + 40);
  const ends = [
    text(
      header.left + header.width / 2,
      header.top - 12,
      "SD card at this end",
      'text-anchor="middle" class="note"',
    ),
    text(
      header.left + header.width / 2,
      height - 14,
      "USB sockets at this end",
      'text-anchor="middle" class="note"',
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="#22262c"><title>${title}</title><style>.title{font-weight:bold;font-size:15px}.note{fill:#555d68;font-size:12px}.pin{font-size:10px;text-anchor:middle}.used{font-weight:bold}</style><rect width="${width}" height="${height}" fill="#fff"/>${text(16, 30, title, 'class="title"')}${board}${pins.join("")}${ends.join("")}${drawings.join("")}</svg>\n`;
}
