// A button that bounces, on a main loop that may be busy, over either of the kernel's interfaces.

import assert from "node:assert/strict";
import { Button } from "../../../src/panel/gpio/button.js";
import type { Edge } from "../../../src/panel/gpio/debouncer.js";
import { ManualClock } from "../../support/manual-clock.js";
import { Random } from "../../support/random.js";
import { FakeLines } from "./fake-lines.js";

const gpio = 6;

function rig(tellsAll: boolean, { downAtStart = false } = {}) {
  const clock = new ManualClock(1000);
  const lines = new FakeLines(clock, tellsAll);
  if (downAtStart) lines.downAtStart.add(gpio);
  const edges: Edge[] = [];
  let stuck = 0;
  const lost: unknown[] = [];
  const button = new Button({
    driver: lines,
    gpio,
    activeLow: true,
    clock,
    onEdge: (edge) => edges.push(edge),
    onStuck: () => stuck++,
    onLost: (error) => lost.push(error),
  });
  return { clock, lines, edges, button, stuck: () => stuck, lost };
}

for (const [name, tellsAll] of [
  ["sysfs", false],
  ["the character device", true],
] as const) {
  describe(`Button, by ${name}`, () => {
    it("loses and doubles none of 1000 presses that bounce for 0 to 20 ms", () => {
      const { clock, lines, edges } = rig(tellsAll);
      const random = new Random(2026);
      const moved: Edge[] = [];
      const bounceTo = (down: boolean) => {
        const startMs = clock.nowMs();
        moved.push({ down, atMs: startMs });
        lines.move(gpio, down);
        const endMs = startMs + random.next() * 20;
        for (let level = down; ; level = !level) {
          const nextMs = clock.nowMs() + random.next() ** 3 * 6;
          if (nextMs >= endMs && level === down) break;
          clock.advance(Math.min(nextMs, endMs) - clock.nowMs());
          lines.move(gpio, !level);
        }
        clock.advance(30 + random.below(100));
      };
      for (let press = 0; press < 1000; press++) {
        bounceTo(true);
        bounceTo(false);
      }
      assert.deepEqual(edges, moved);
    });

    it("hears a press at once", () => {
      const { clock, lines, edges } = rig(tellsAll);
      lines.move(gpio, true);
      assert.deepEqual(edges, [{ down: true, atMs: clock.nowMs() }]);
    });

    it("does not take the middle of a bounce for a release when the main loop was busy as it ended", () => {
      const { clock, lines, edges } = rig(tellsAll);
      lines.move(gpio, true);
      clock.advance(10);
      lines.move(gpio, false);
      // the contact closes for good, nobody looks, and the timer comes first
      lines.moveUnheard(gpio, true);
      clock.advance(60);
      lines.hear(gpio);
      assert.deepEqual(
        edges.map(({ down }) => down),
        [true],
      );
    });

    it("says nothing while down from power-on, complains of it, and counts once it has been let go", () => {
      const { clock, lines, edges, stuck } = rig(tellsAll, { downAtStart: true });
      assert.equal(stuck(), 0);
      clock.advance(60_000);
      assert.deepEqual([edges.length, stuck()], [0, 1]);
      lines.move(gpio, false);
      clock.advance(3);
      lines.move(gpio, true);
      lines.move(gpio, false);
      clock.advance(100);
      assert.deepEqual(edges, []);
      lines.move(gpio, true);
      clock.advance(100);
      lines.move(gpio, false);
      assert.deepEqual(
        edges.map(({ down }) => down),
        [true, false],
      );
    });

    it("does not complain of a pin that takes a moment to be pulled up", () => {
      const { clock, lines, edges, stuck } = rig(tellsAll, { downAtStart: true });
      clock.advance(1);
      lines.move(gpio, false);
      clock.advance(1000);
      assert.deepEqual([edges.length, stuck()], [0, 0]);
    });

    it("lets go of a button that is lost while it is down", () => {
      const { clock, lines, edges, lost } = rig(tellsAll);
      lines.move(gpio, true);
      clock.advance(10);
      lines.lose(gpio, new Error("gone"));
      lines.lose(gpio, new Error("still gone"));
      clock.advance(100);
      assert.deepEqual(edges.slice(1), [{ down: false, atMs: 1010 }]);
      assert.equal(lost.length, 1);
    });

    it("keeps no timer once it is settled or closed", () => {
      const { clock, lines, button } = rig(tellsAll);
      lines.move(gpio, true);
      assert.equal(clock.pending, 1);
      clock.advance(30);
      assert.equal(clock.pending, 0);
      lines.move(gpio, false);
      button.close();
      assert.deepEqual([clock.pending, lines.openLines], [0, 0]);
    });
  });
}

describe("Button, by the character device", () => {
  it("hears presses that came and went while the main loop was busy, each at its time", () => {
    const { clock, lines, edges } = rig(true);
    const startMs = clock.nowMs();
    for (const down of [true, false, true, false]) {
      lines.moveUnheard(gpio, down);
      clock.advance(5);
      lines.moveUnheard(gpio, !down);
      lines.moveUnheard(gpio, down);
      clock.advance(45);
    }
    lines.hear(gpio);
    assert.deepEqual(
      edges.map(({ down, atMs }) => [down, atMs - startMs]),
      [
        [true, 0],
        [false, 50],
        [true, 100],
        [false, 150],
      ],
    );
  });
});
