// One edge for each movement of a contact, however it bounces.

import assert from "node:assert/strict";
import { Debouncer, type Edge, settleMs } from "../../../src/panel/gpio/debouncer.js";

/** What the debouncer tells when it sees these levels at these times and is asked to settle when it wants to be. */
function edgesOf(start: boolean, levels: readonly (readonly [number, boolean])[]): Edge[] {
  const debouncer = new Debouncer(start);
  const edges: Edge[] = [];
  const keep = (edge: Edge | null) => edge && edges.push(edge);
  const settleUntil = (atMs: number) => {
    for (let due = debouncer.dueMs; due !== null && due <= atMs; due = debouncer.dueMs) {
      keep(debouncer.settle(due));
    }
  };
  for (const [atMs, down] of levels) {
    settleUntil(atMs);
    keep(debouncer.see(down, atMs));
  }
  settleUntil(Number.POSITIVE_INFINITY);
  return edges;
}

const cases: [string, boolean, [number, boolean][], [number, boolean][]][] = [
  [
    "a clean press",
    false,
    [
      [100, true],
      [180, false],
    ],
    [
      [100, true],
      [180, false],
    ],
  ],
  [
    "a press that bounces for 20 ms, told at its first movement",
    false,
    [
      [100, true],
      [103, false],
      [104, true],
      [119, false],
      [120, true],
      [200, false],
      [201, true],
      [202, false],
    ],
    [
      [100, true],
      [200, false],
    ],
  ],
  [
    "a press shorter than the bounces last",
    false,
    [
      [100, true],
      [110, false],
    ],
    [
      [100, true],
      [110, false],
    ],
  ],
  [
    "a press whose release begins just before it has settled",
    false,
    [
      [100, true],
      [124, false],
      [126, true],
      [127, false],
    ],
    [
      [100, true],
      [124, false],
    ],
  ],
  [
    "two presses in close succession",
    false,
    [
      [0, true],
      [30, false],
      [60, true],
      [90, false],
    ],
    [
      [0, true],
      [30, false],
      [60, true],
      [90, false],
    ],
  ],
  [
    "the same level seen again",
    false,
    [
      [0, false],
      [10, true],
      [50, true],
      [90, true],
    ],
    [[10, true]],
  ],
  [
    "a contact that is closed from the start",
    true,
    [
      [0, true],
      [500, false],
    ],
    [[500, false]],
  ],
];

describe("Debouncer", () => {
  for (const [name, start, levels, expected] of cases) {
    it(`makes the best of ${name}`, () => {
      assert.deepEqual(
        edgesOf(start, levels).map(({ down, atMs }) => [atMs, down]),
        expected,
      );
    });
  }

  it("wants to be asked again only while something is to settle", () => {
    const debouncer = new Debouncer(false);
    assert.equal(debouncer.dueMs, null);
    debouncer.see(true, 10);
    assert.equal(debouncer.dueMs, 10 + settleMs);
    assert.equal(debouncer.settle(10 + settleMs - 0.5), null);
    assert.equal(debouncer.dueMs, 10 + settleMs);
    assert.equal(debouncer.settle(10 + settleMs), null);
    assert.equal(debouncer.dueMs, null);
  });
});
