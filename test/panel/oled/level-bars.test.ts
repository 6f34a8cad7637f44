// The meters at the display's lower edge, as text pictures.

import assert from "node:assert/strict";
import { drawLevels } from "../../../src/panel/oled/level-bars.js";
import { Pixels } from "../../../src/panel/pixels.js";

describe("drawLevels", () => {
  it("shows what goes in beside what comes out, the louder side of each", () => {
    const pixels = new Pixels();
    drawLevels(pixels, { capture: [-60, -30], playback: [0, -120] });
    assert.deepEqual(lowestRows(pixels), EXPECTED);
  });

  it("shows full scale and nothing in silence", () => {
    const pixels = new Pixels();
    drawLevels(pixels, { capture: [-120, -120], playback: [-120, -120] });
    const row = lowestRows(pixels)[1] ?? "";
    assert.equal([...row.slice(20, 64)].filter((dot) => dot === "#").length, 1);
  });
});

function lowestRows(pixels: Pixels): string[] {
  return Array.from({ length: 8 }, (_, y) =>
    Array.from({ length: 128 }, (_, x) => (pixels.get(x, 56 + y) ? "#" : ".")).join(""),
  );
}

const EXPECTED: string[] = [
  "...#...........................................................................#................................................",
  "....................#####################.....................#................#....###########################################.",
  "..##...#.##.........#####################.....................#...###..#...#.#####..###########################################.",
  "...#...##..#........#####################.....................#..#...#.#...#...#....###########################################.",
  "...#...#...#........#####################.....................#..#...#.#...#...#....###########################################.",
  "...#...#...#........#####################.....................#..#...#.#..##...#....###########################################.",
  "..###..#...#......................................................###...##.#....##..............................................",
  "................................................................................................................................",
];
