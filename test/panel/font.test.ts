// Both fonts hold every letter they promise, each unlike the others; what they lack is folded.

import assert from "node:assert/strict";
import { type Font, fold } from "../../src/panel/font.js";
import { largeFont } from "../../src/panel/font-large.js";
import { smallFont } from "../../src/panel/font-small.js";

const ascii = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(0x20 + at));
const letters = Array.from({ length: 64 }, (_, at) => String.fromCodePoint(0xc0 + at));

for (const [name, font] of [
  ["small", smallFont],
  ["large", largeFont],
] as [string, Font][]) {
  describe(`the ${name} font`, () => {
    it("has every ASCII character, every Latin-1 letter and the ellipsis of cut text", () => {
      assert.deepEqual(
        [...ascii, ...letters, "…"].filter((character) => !font.glyphs.has(character)),
        [],
      );
    });

    it("leaves only the space empty", () => {
      const empty = [...font.glyphs].filter(([, rows]) => /^0+$/.test(rows)).map(([character]) => character);
      assert.deepEqual(empty, [" "]);
    });

    it("draws no two characters alike", () => {
      const drawn = new Map<string, string>();
      for (const [character, rows] of font.glyphs) {
        assert.equal(drawn.get(rows), undefined, `${character} looks like ${drawn.get(rows)}`);
        drawn.set(rows, character);
      }
    });

    it("keeps within its cell", () => {
      for (const [character, hex] of font.glyphs) {
        assert.equal(hex.length, 2 * font.height, character);
        for (let row = 0; row < font.height; row++) {
          const bits = Number.parseInt(hex.slice(2 * row, 2 * row + 2), 16);
          assert.equal(bits & (0xff >> font.width), 0, character);
        }
      }
    });

    const folds: [string, string][] = [
      ["Jürgen Größe çñ", "Jürgen Größe çñ"],
      ["e\u0301t\u00e9", "été"],
      ["Dvořák Łódź ő", "Dvorák Lódz o"],
      ["“Blues” – œuvre…", '"Blues" - oeuvre…'],
      ["ﬁ Ⅳ ½", font.glyphs.has("½") ? "fi IV ½" : "fi IV ?"],
      ["a\tb\u00a0c\nd", "a b c d"],
      ["山田 🎸 👨‍👩‍👧", "?? ? ?"],
      ["\u200ba\u0007b\u202e", "ab"],
      ["", ""],
    ];
    for (const [text, expected] of folds) {
      it(`folds ${JSON.stringify(text)}`, () => assert.equal(fold(text, font), expected));
    }
  });
}
