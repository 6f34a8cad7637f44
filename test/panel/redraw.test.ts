// Only what changed is sent to the terminal.

import assert from "node:assert/strict";
import { redraw } from "../../src/panel/redraw.js";

const cases: [string, string[], string[], string][] = [
  ["draws everything on an empty screen", [], ["a", "b"], "\x1b[1;1Ha\x1b[K\x1b[2;1Hb\x1b[K"],
  ["sends nothing when nothing changed", ["a", "b"], ["a", "b"], ""],
  ["sends the changed line only", ["a", "b", "c"], ["a", "x", "c"], "\x1b[2;1Hx\x1b[K"],
  ["wipes a line that is gone", ["a", "b"], ["a"], "\x1b[2;1H\x1b[K"],
];

describe("redraw", () => {
  for (const [name, before, after, output] of cases) {
    it(name, () => assert.equal(redraw(before, after), output));
  }
});
