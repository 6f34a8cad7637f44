// The 1-bit picture: layout of its memory, clipping, small pictures.

import assert from "node:assert/strict";
import { displayHeight, displayWidth, Pixels } from "../../src/panel/pixels.js";

describe("Pixels", () => {
  it("keeps eight rows a byte, the lowest bit on top, page after page", () => {
    const pixels = new Pixels();
    pixels.set(0, 0);
    pixels.set(3, 15);
    pixels.set(127, 63);
    assert.deepEqual(
      [...pixels.bytes.entries()].filter(([, byte]) => byte !== 0),
      [
        [0, 0x01],
        [128 + 3, 0x80],
        [7 * 128 + 127, 0x80],
      ],
    );
    assert.equal(pixels.get(3, 15), true);
    assert.equal(pixels.get(3, 14), false);
  });

  it("cuts off what lies outside", () => {
    const pixels = new Pixels();
    for (const [x, y] of [
      [-1, 0],
      [0, -1],
      [displayWidth, 0],
      [0, displayHeight],
    ] as const) {
      pixels.set(x, y);
      assert.equal(pixels.get(x, y), false);
    }
    assert.ok(pixels.equals(new Pixels()));
  });

  it("is copied whole, and apart from then on", () => {
    const pixels = new Pixels();
    pixels.set(5, 5);
    const copy = pixels.copy();
    assert.ok(copy.equals(pixels));
    copy.set(6, 6);
    assert.ok(!copy.equals(pixels));
  });

  it("draws a small picture anywhere, over what was there", () => {
    const pixels = new Pixels();
    pixels.set(12, 6);
    pixels.blit([0b101, 0b010], 3, 10, 7);
    assert.deepEqual(picture(pixels, 9, 6, 6, 4), ["...#..", ".#.#..", "..#...", "......"]);
    pixels.blit([0b111], 3, 126, 63);
    assert.deepEqual(picture(pixels, 125, 62, 3, 2), ["...", ".##"]);
  });
});

function picture(pixels: Pixels, left: number, top: number, width: number, height: number): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (pixels.get(left + x, top + y) ? "#" : ".")).join(""),
  );
}
