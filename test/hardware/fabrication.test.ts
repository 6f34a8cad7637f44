// What goes to the board house and to the shop is complete: Gerber files that another program can read, a list of parts.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardPictures } from "../../hardware/tools/board-picture.js";
import { plotGerbers } from "../../hardware/tools/kicad.js";
import { readSchematic } from "../../hardware/tools/schematic.js";

interface Line {
  readonly refs: readonly string[];
  readonly quantity: number;
  readonly value: string;
  readonly partNumber: string;
}

function readBom(file: string): Line[] {
  const [, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const [refs = "", quantity, value = "", , , partNumber = ""] = [
      ...line.matchAll(/"([^"]*)"|([^,]+)|(?<=,)(?=,)/g),
    ].map(([, quoted, plain]) => quoted ?? plain ?? "");
    return { refs: refs.split(" "), quantity: Number(quantity), value, partNumber };
  });
}

describe("what a maker gets", function () {
  this.timeout(60_000);

  it("is a full set of Gerber files, of the board's size", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-gerbers-"));
    try {
      plotGerbers("hardware/hat/plugjam-hat.kicad_pcb", folder);
      const { width, height, layers, top } = await boardPictures(folder);
      const sides = ["bottom", "top"].flatMap((side) =>
        ["copper", "silkscreen", "soldermask"].map((type) => `${side} ${type}`),
      );
      assert.deepEqual(layers, ["all drill", "all outline", ...sides].sort());
      assert.deepEqual([Math.round(width * 10) / 10, Math.round(height * 10) / 10], [65, 56.5]);
      // Forty pins and four holes at the least.
      assert.ok((top.match(/<path|<use/g) ?? []).length > 44);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const { parts } = readSchematic(readFileSync("hardware/hat/plugjam-hat.kicad_sch", "utf8"));
  for (const [file, fitted] of [
    ["hardware/hat/bom.csv", true],
    ["hardware/hat/bom-id-eeprom.csv", false],
  ] as const) {
    it(`is ${file}, with just the parts of the schematic`, () => {
      const lines = readBom(file);
      const listed = lines.flatMap(({ refs }) => refs);
      const wanted = parts.filter((part) => part.inBom && part.fitted === fitted);
      assert.deepEqual(listed.sort(), wanted.map(({ ref }) => ref).sort());
      for (const { refs, quantity, value, partNumber } of lines) {
        assert.equal(refs.length, quantity);
        assert.notEqual(partNumber, "");
        const values = new Set(wanted.filter(({ ref }) => refs.includes(ref)).map((part) => part.value));
        assert.equal([...values].join(" / "), value);
      }
    });
  }
});
