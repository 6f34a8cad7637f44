// Reads a KiCad board: where the pads of its parts are, and to which net each belongs.

import { all, atom, type Expression, numbers, only, parseExpression } from "./s-expression.js";

export interface Pad {
  readonly number: string;
  readonly net: string | undefined;
  /** In mm from the upper left corner of the outline. */
  readonly x: number;
  readonly y: number;
}

export interface Footprint {
  readonly ref: string;
  readonly value: string;
  readonly name: string;
  readonly pads: readonly Pad[];
}

export interface Board {
  /** Of the outline, in mm. */
  readonly width: number;
  readonly height: number;
  readonly footprints: readonly Footprint[];
}

export function readBoard(source: string): Board {
  const board = parseExpression(source);
  const outline = [...all(board, "gr_line"), ...all(board, "gr_arc")]
    .filter((line) => atom(only(line, "layer")) === "Edge.Cuts")
    .flatMap((line) => [numbers(only(line, "start")), numbers(only(line, "end"))]);
  const along = (axis: 0 | 1) => outline.map((point) => point[axis] ?? Number.NaN);
  const [left, top] = [Math.min(...along(0)), Math.min(...along(1))];
  const footprints = all(board, "footprint").map((item) => {
    const [x = 0, y = 0, angle = 0] = numbers(only(item, "at"));
    const text = (kind: string) => atom(all(item, "fp_text").find((line) => line[1] === kind) ?? [], 2);
    const pads = all(item, "pad").map((pad) => {
      const [px = 0, py = 0] = turned(numbers(only(pad, "at")), angle);
      return { number: atom(pad), net: netOf(pad), x: round(x + px - left), y: round(y + py - top) };
    });
    return { ref: text("reference"), value: text("value"), name: atom(item), pads };
  });
  return {
    width: round(Math.max(...along(0)) - left),
    height: round(Math.max(...along(1)) - top),
    footprints,
  };
}

function netOf(pad: readonly Expression[]): string | undefined {
  const [net] = all(pad, "net");
  return net && atom(net, 2);
}

/** To the left, in KiCad's sense, with y downwards. */
function turned([x = 0, y = 0]: readonly number[], angle: number): [number, number] {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return [x * cos + y * sin, y * cos - x * sin];
}

const round = (mm: number) => Math.round(mm * 1000) / 1000;
