// The meter's bar, its colours and its ballistics.

import assert from "node:assert/strict";
import { type MeterReading, meterSpans, nextReading } from "../../src/panel/meter.js";

const text = (reading: MeterReading, cells: number) =>
  meterSpans(reading, cells)
    .map((part) => part.text)
    .join("");

function steady(db: number, peakDb = db): MeterReading {
  return { db, peakDb, peakAtMs: 0, atMs: 0 };
}

describe("meterSpans", () => {
  for (const [db, peakDb, expected] of [
    [-60, -60, "··········  -60.0"],
    [-120, -120, "··········  -inf"],
    [-30, -30, "█████│···· -30.0"],
    [-33, -33, "████▌·····  -33.0"],
    [-30, -9, "█████···│·  -9.0"],
    [0, 0, "██████████   0.0"],
    [6, 6, "██████████   6.0"],
  ] as const) {
    it(`draws ${db} dBFS with its peak at ${peakDb}`, () => {
      assert.equal(text(steady(db, peakDb), 10).replace(/ +/, " "), expected.replace(/ +/, " "));
      assert.equal(text(steady(db, peakDb), 10).length, 16);
    });
  }

  it("warns by colour above -18 and above -6 dBFS", () => {
    const roles = meterSpans(steady(0), 20).map(({ text, role }) => `${text.length} ${role}`);
    assert.deepEqual(roles, ["14 low", "4 middle", "2 high", "6 plain"]);
  });
});

describe("nextReading", () => {
  it("rises at once, falls 24 dB a second, holds its peak 1.5 seconds", () => {
    let reading = nextReading(undefined, -40, 0);
    reading = nextReading(reading, -10, 100);
    assert.deepEqual(reading, { db: -10, peakDb: -10, peakAtMs: 100, atMs: 100 });
    reading = nextReading(reading, -120, 600);
    assert.deepEqual([reading.db, reading.peakDb], [-22, -10]);
    reading = nextReading(reading, -20, 1600);
    assert.deepEqual([reading.db, reading.peakDb], [-20, -10]);
    reading = nextReading(reading, -120, 1601);
    assert.ok(Math.abs(reading.peakDb + 20.024) < 1e-9);
  });
});
