// The LEDs' rhythms, instant by instant.

import assert from "node:assert/strict";
import type { LedPattern } from "../../src/core/view.js";
import { ledLit, nextChangeMs } from "../../src/panel/led.js";

/** One character every 60 ms, from the start of a phase. */
const rhythms: Record<LedPattern, string> = {
  off: "........................................",
  on: "########################################",
  "slow-blink": "#########........########.........######",
  "fast-blink": "##..#..##.##..#..##.##..#..##.##..#..##.",
  "double-blink": "##...##..................##...##........",
  "triple-blink": "##..##..##.......##..##..##.......##..##",
  "short-flash": "#.................................#.....",
};

describe("ledLit", () => {
  for (const [pattern, expected] of Object.entries(rhythms)) {
    it(`lights ${pattern} in its rhythm`, () => {
      const seen = Array.from(expected, (_, step) => ledLit(pattern as LedPattern, step * 60));
      assert.equal(seen.map((lit) => (lit ? "#" : ".")).join(""), expected);
    });
  }

  it("gives every pattern its own rhythm", () => {
    assert.equal(new Set(Object.values(rhythms)).size, 7);
  });

  it("keeps to its table at the edges", () => {
    const edges: [LedPattern, number, boolean][] = [
      ["slow-blink", 499.9, true],
      ["slow-blink", 500, false],
      ["slow-blink", 1000, true],
      ["fast-blink", 99, true],
      ["fast-blink", 100, false],
      ["double-blink", 300, true],
      ["double-blink", 420, false],
      ["double-blink", 1500, true],
      ["short-flash", 59, true],
      ["short-flash", 60, false],
      ["short-flash", 86_400_000, true],
    ];
    for (const [pattern, nowMs, lit] of edges)
      assert.equal(ledLit(pattern, nowMs), lit, `${pattern} ${nowMs}`);
  });
});

describe("nextChangeMs", () => {
  for (const pattern of Object.keys(rhythms) as LedPattern[]) {
    it(`is when ${pattern} changes, and not before`, () => {
      for (let nowMs = 0; nowMs < 3000; nowMs += 31.25) {
        const next = nextChangeMs(pattern, nowMs);
        assert.ok(next > 0);
        const until = Math.min(next, 3000);
        for (let ahead = 0; ahead < until; ahead++) {
          assert.equal(
            ledLit(pattern, nowMs + ahead),
            ledLit(pattern, nowMs),
            `${pattern} ${nowMs} ${ahead}`,
          );
        }
        if (next < 3000) assert.notEqual(ledLit(pattern, nowMs + next), ledLit(pattern, nowMs));
      }
    });
  }
});
