// The printable box is solid, and its holes are where the HAT has its buttons and lights.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBoard } from "../../hardware/tools/board.js";
import { parts, printable } from "../../hardware/tools/enclosure.js";

describe("the enclosure", function () {
  this.timeout(180_000);

  it("has holes in front of the HAT's buttons and lights", () => {
    const { footprints } = readBoard(readFileSync("hardware/hat/plugjam-hat.kicad_pcb", "utf8"));
    /** The middle of the pads that are connected, from the header's edge. */
    const middle = (ref: string) => {
      const ys = (footprints.find((part) => part.ref === ref)?.pads ?? [])
        .filter(({ net }) => net)
        .map(({ y }) => y);
      return (Math.min(...ys) + Math.max(...ys)) / 2;
    };
    const source = readFileSync("hardware/enclosure/plugjam.scad", "utf8");
    const list = (name: string) =>
      JSON.parse(new RegExp(`^${name} = (\\[.*\\]);`, "m").exec(source)?.[1] ?? "null");
    assert.deepEqual(list("buttons"), ["SW1", "SW2"].map(middle));
    assert.deepEqual(
      list("lights"),
      ["D1", "D2", "D3"].map((ref) => Math.round(middle(ref) * 1000) / 1000),
    );
  });

  for (const part of parts) {
    it(`has a ${part} that is one solid body of the right size`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "plugjam-box-"));
      try {
        const file = join(folder, `${part}.stl`);
        const { simple, volumes } = printable(part, file);
        assert.equal(simple, true);
        // OpenSCAD counts the space around as one.
        assert.equal(volumes, 2);
        const corners = [...readFileSync(file, "utf8").matchAll(/vertex (\S+) (\S+) (\S+)/g)];
        const size = [1, 2].map((axis) => {
          const along = corners.map((corner) => Number(corner[axis]));
          return Math.max(...along) - Math.min(...along);
        });
        assert.deepEqual(size, [94, 62]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
