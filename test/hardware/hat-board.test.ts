// The HAT's board obeys KiCad's design rules, is the schematic's, and fits on a Raspberry Pi.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBoard } from "../../hardware/tools/board.js";
import { designRuleViolations, type Violation } from "../../hardware/tools/kicad.js";
import { readSchematic } from "../../hardware/tools/schematic.js";

const boardFile = "hardware/hat/plugjam-hat.kicad_pcb";
const source = readFileSync(boardFile, "utf8");
const board = readBoard(source);
const schematic = readSchematic(readFileSync("hardware/hat/plugjam-hat.kicad_sch", "utf8"));

/** The LEDs look over the edge, and so do the lines that show them in print. */
const overTheEdge = ({ kind, items }: Violation) =>
  kind === "silk_over_copper" && items.some((item) => item.includes("Edge.Cuts"));

const brief = ({ kind, items }: Violation) => [kind, ...items].join(" ");

describe("the HAT's board", function () {
  this.timeout(60_000);

  it("obeys KiCad's design rules, with nothing left unconnected", () => {
    const faults = designRuleViolations(boardFile).filter((violation) => !overTheEdge(violation));
    assert.deepEqual(faults.map(brief), []);
  });

  it("would not with a track moved onto another, nor with one missing", () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-board-"));
    try {
      copyFileSync(boardFile.replace(".kicad_pcb", ".kicad_pro"), join(folder, "broken.kicad_pro"));
      const check = (from: RegExp, to: string) => {
        assert.match(source, from);
        writeFileSync(join(folder, "broken.kicad_pcb"), source.replace(from, to));
        return new Set(designRuleViolations(join(folder, "broken.kicad_pcb")).map(({ kind }) => kind));
      };
      const track = /\(segment \(start 123\.61 64\.77\) \(end 123\.61 93\.25\)/;
      const moved = check(track, "(segment (start 123.61 64.77) (end 124.6 93.25)");
      assert.ok(
        moved.has("shorting_items") || moved.has("tracks_crossing") || moved.has("clearance"),
        [...moved].join(),
      );
      assert.ok(check(new RegExp(`${track.source}.*\\n`), "").has("unconnected_items"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("has the parts of the schematic, each with its footprint, value and nets", () => {
    const netOf = (ref: string, number: string) => {
      const net = schematic.nets.find(({ pins }) =>
        pins.some((pin) => pin.ref === ref && pin.number === number),
      );
      // KiCad names the nets of a sheet after its path; supplies are the same on all sheets.
      return net?.names.map((name) => (name === "GND" || name === "+3V3" ? name : `/${name}`))[0];
    };
    const wanted = schematic.parts.map(({ ref, value, footprint }) => ({ ref, value, name: footprint }));
    const byRef = (one: { ref: string }, other: { ref: string }) => one.ref.localeCompare(other.ref);
    const found = board.footprints.map(({ ref, value, name }) => ({ ref, value, name }));
    assert.deepEqual(found.sort(byRef), wanted.sort(byRef));
    for (const { ref, pads } of board.footprints) {
      for (const { number, net } of pads) {
        assert.equal(
          net?.startsWith("unconnected-") ? undefined : net,
          netOf(ref, number),
          `${ref}.${number}`,
        );
      }
    }
  });

  it("has the size, holes and header of a HAT", () => {
    assert.deepEqual([board.width, board.height], [65, 56.5]);
    const holes = board.footprints.filter(({ ref }) => ref.startsWith("H")).flatMap(({ pads }) => pads);
    // The rows of holes are 49 mm apart; below them, the board is 0.5 mm longer than above.
    assert.deepEqual(holes.map(({ x, y }) => `${x} ${y}`).sort(), [
      "3.5 3.5",
      "3.5 52.5",
      "61.5 3.5",
      "61.5 52.5",
    ]);
    const header = board.footprints.find(({ ref }) => ref === "J1")?.pads ?? [];
    assert.equal(header.length, 40);
    for (const { number, x, y } of header) {
      const column = Math.floor((Number(number) - 1) / 2);
      assert.ok(Math.abs(x - (32.5 + (column - 9.5) * 2.54)) < 0.01, `pin ${number} is at ${x}`);
      assert.ok(
        Math.abs(y - (3.5 + (Number(number) % 2 === 1 ? 1.27 : -1.27))) < 0.01,
        `pin ${number} is at ${y}`,
      );
    }
  });
});
