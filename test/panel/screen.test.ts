// The display's picture, checked as text: large and small letters, cutting, the lower edge.

import assert from "node:assert/strict";
import type { DisplayLine } from "../../src/core/view.js";
import { brailleLines } from "../../src/panel/braille.js";
import { displayHeight, displayWidth, type Pixels } from "../../src/panel/pixels.js";
import { drawScreen } from "../../src/panel/screen.js";
import { view } from "./model.js";

const large = (text: string): DisplayLine => ({ text, size: "large" });
const small = (text: string): DisplayLine => ({ text, size: "small" });

describe("drawScreen", () => {
  it("draws large letters 16 pixels high", () => {
    assert.deepEqual(rows(drawScreen([large("Rä")]), 16), [
      "................",
      "................",
      "######...##.##..",
      "##...##..##.##..",
      "##...##.........",
      "##...##..#####..",
      "######.......##.",
      "##...##..######.",
      "##...##.##...##.",
      "##...##.##...##.",
      "##...##.##...##.",
      "##...##..######.",
      "................",
      "................",
      "................",
      "................",
    ]);
  });

  it("draws small letters 8 pixels high, below the line before", () => {
    const pixels = drawScreen([large(""), small("Ög")]);
    assert.deepEqual(rows(pixels, 12).slice(16, 25), [
      ".#...#......",
      "..###.......",
      ".#...#..####",
      ".#...#.#...#",
      ".#...#.#...#",
      ".#...#..####",
      "..###......#",
      "........###.",
      "............",
    ]);
  });

  it("cuts a line after the last letter that fits whole", () => {
    for (const [line, columns] of [
      [large, 16],
      [small, 21],
    ] as const) {
      const full = drawScreen([line("W".repeat(columns))]);
      assert.ok(drawScreen([line("W".repeat(columns + 50))]).equals(full));
      assert.ok(!drawScreen([line("W".repeat(columns - 1))]).equals(full));
    }
  });

  it("leaves out what lies below the lower edge", () => {
    const four = Array.from({ length: 4 }, () => large("M"));
    assert.ok(drawScreen([...four, small("gone")]).equals(drawScreen(four)));
    const seven = Array.from({ length: 7 }, () => small("M"));
    assert.ok(drawScreen([...seven, large("gone")]).equals(drawScreen(seven)));
  });

  it("draws nothing for nothing", () => {
    assert.ok(drawScreen([]).bytes.every((byte) => byte === 0));
  });
});

describe("brailleLines", () => {
  it("shows a screen in 64 x 16 characters", () => {
    const lines = brailleLines(drawScreen(view.display));
    assert.deepEqual(
      lines.map((line) => line.trimEnd()),
      EXPECTED,
    );
    assert.ok(lines.every((line) => line.length === 64));
  });

  it("loses no pixel", () => {
    const pixels = drawScreen(view.display);
    const dots = brailleLines(pixels).join("").replace(/ /g, "\u2800");
    const count = Array.from(dots, (cell) => bits((cell.codePointAt(0) ?? 0) - 0x2800)).reduce(
      (a, b) => a + b,
    );
    assert.equal(count, rows(pixels, displayWidth).join("").replaceAll(".", "").length);
  });
});

const EXPECTED: string[] = [
  "⣤⠤⢤⡀ ⣤           ⢠⡄",
  "⣿⠤⠼⠃ ⣿  ⢐⣒⣲⡄⣶ ⢰⡆ ⢲⡆ ⣶⠒⢲⡄⣴⠒⢲⡆",
  "⣿    ⢿⣀ ⢿⣀⣸⡇⢿⣀⣸⡇ ⢸⣇ ⣿ ⢸⡇⢿⣀⣸⠇",
  "            ⠤⠤⠼⠃        ⠤⠤⠼⠃",
  "⣤⠤⢤⡀⣠⠤⠤⠄⣠⠤⠤⠄    ⣠⠤⢤⡀",
  "⣿⠤⢼⡃⣿⠤⠄ ⣿        ⣠⠞⠁",
  "⣿ ⢸⡇⢿⣀⣀⡀⢿⣀⣀⡀     ⣭",
  "",
  "⠐⢉⡱   ⢠⢄⢄⢠ ⢠⢀⠤⠤ ⢬ ⢀⠤⠤ ⢬ ⢀⠤⢤⢠⡠⢄⢀⠤⠤      ⠐⠉⡱⠐⢉⡱   ⢠⢄⢄⢀⠤⠤",
  "⠐⠤⠜   ⠸⠘⠸⠘⠤⠺⠠⠭⠕ ⠼⠄⠘⠤⠤ ⠼⠄⠘⠤⠺⠸ ⠸⠠⠭⠕ ⡰    ⠠⠮⠤⠐⠤⠜   ⠸⠘⠸⠠⠭⠕",
  "⠈⢉⠝⢀⠤⢄⢀⠥⢅       ⠈⢹⢠⠁⢡⢠⡠⠄⢀⠤⢤⢀⠤⢄⢠⡠⢄      ⢸⣉⡉⢠⡠⠄⢀⠤⢤⢠⡠⢄⢀⠤⠤⢀⠤⢄ ⢬ ⢀⠤⠤",
  "⠰⠥⠤⠘⠤⠜⠘⠭⠍ ⡰    ⠘⠤⠜⠘⠤⠺⠸  ⠈⣒⡺⠘⠭⠍⠸ ⠸ ⡰    ⠸  ⠸  ⠘⠤⠺⠸ ⠸⠘⢤⠤⠘⠤⠜ ⠼⠄⠠⠭⠕",
  "⢠⡠⢄⢀⠤⢄⠠⢼⠤   ⢀⠤⢄⢠⡠⢄⢀⠤⠤⢠⡠⠄⢠ ⢠⢠⠤⢄⠠⢼⠤⢀⠤⢄⢀⠤⢼",
  "⠸ ⠸⠘⠤⠜ ⠘⠤   ⠘⠭⠍⠸ ⠸⠘⠤⠤⠸  ⠈⣒⡺⢸⠤⠜ ⠘⠤⠘⠭⠍⠘⠤⠼",
  "",
  "",
];

function rows(pixels: Pixels, width: number): string[] {
  return Array.from({ length: displayHeight }, (_, y) =>
    Array.from({ length: width }, (_, x) => (pixels.get(x, y) ? "#" : ".")).join(""),
  ).slice(0, width === 16 ? 16 : displayHeight);
}

function bits(value: number): number {
  return value.toString(2).replaceAll("0", "").length;
}
