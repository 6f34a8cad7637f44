// Timers known by name, on a clock turned by hand.

import assert from "node:assert/strict";
import { NamedTimers } from "../../src/lib/named-timers.js";
import { ManualClock } from "../support/manual-clock.js";

describe("NamedTimers", () => {
  it("fires once, at its time", () => {
    const { clock, timers, fired } = setUp();
    timers.set("retry", 100);
    clock.advance(99);
    assert.deepEqual(fired, []);
    clock.advance(1000);
    assert.deepEqual(fired, ["retry@100"]);
  });

  it("replaces a timer that is set again", () => {
    const { clock, timers, fired } = setUp();
    timers.set("retry", 100);
    timers.set("retry", 300);
    clock.advance(1000);
    assert.deepEqual(fired, ["retry@300"]);
  });

  it("keeps names apart, and fires in order of time", () => {
    const { clock, timers, fired } = setUp();
    timers.set("retry", 300);
    timers.set("leave", 100);
    clock.advance(1000);
    assert.deepEqual(fired, ["leave@100", "retry@300"]);
  });

  it("does not fire what was cleared", () => {
    const { clock, timers, fired } = setUp();
    timers.set("retry", 300);
    timers.set("leave", 100);
    timers.clear("leave");
    timers.clearAll();
    clock.advance(1000);
    assert.deepEqual(fired, []);
    assert.equal(clock.pending, 0);
  });
});

function setUp() {
  const clock = new ManualClock();
  const fired: string[] = [];
  const timers = new NamedTimers<"retry" | "leave">(clock, (name) => fired.push(`${name}@${clock.nowMs()}`));
  return { clock, timers, fired };
}
