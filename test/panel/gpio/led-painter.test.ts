// LEDs in their rhythms, with a write for each change and no more wakeups than changes.

import assert from "node:assert/strict";
import type { Leds } from "../../../src/core/view.js";
import { type LedName, LedPainter } from "../../../src/panel/gpio/led-painter.js";
import { ledLit } from "../../../src/panel/led.js";
import { ManualClock } from "../../support/manual-clock.js";

function rig(names: readonly LedName[] = ["link", "rec", "mute"], startMs = 0) {
  const clock = new ManualClock(startMs);
  const lit = new Map<LedName, boolean>();
  let writes = 0;
  const writers = names.map((name) => {
    const write = (on: boolean) => {
      lit.set(name, on);
      writes++;
    };
    return [name, write] as const;
  });
  const painter = new LedPainter(new Map(writers), clock);
  return { clock, painter, lit: (name: LedName) => lit.get(name) ?? false, writes: () => writes };
}

const leds = (link: Leds["link"], rec: Leds["rec"], mute: Leds["mute"]): Leds => ({ link, rec, mute });

describe("LedPainter", () => {
  it("shows at every instant what the patterns say", () => {
    const { clock, painter, lit } = rig(undefined, 1234.75);
    const views = [
      leds("slow-blink", "off", "on"),
      leds("on", "short-flash", "off"),
      leds("double-blink", "on", "slow-blink"),
      leds("fast-blink", "off", "off"),
    ];
    for (const view of views) {
      painter.show(view);
      for (let step = 0; step < 9000; step++) {
        for (const name of ["link", "rec", "mute"] as const) {
          assert.equal(lit(name), ledLit(view[name], step), `${name} ${view[name]} ${clock.nowMs()}`);
        }
        clock.advance(1);
      }
    }
  });

  it("lights up as soon as a rhythm is asked for, and goes on with one that is asked for again", () => {
    const { clock, painter, lit } = rig(undefined, 777);
    painter.show(leds("slow-blink", "off", "off"));
    assert.ok(lit("link"));
    clock.advance(700);
    assert.ok(!lit("link"));
    painter.show(leds("slow-blink", "short-flash", "off"));
    assert.ok(!lit("link"));
    assert.ok(lit("rec"));
    painter.show(leds("double-blink", "short-flash", "off"));
    assert.ok(lit("link"));
  });

  it("writes only changes", () => {
    const { clock, painter, writes } = rig();
    painter.show(leds("on", "off", "on"));
    assert.equal(writes(), 2);
    painter.show(leds("on", "off", "on"));
    clock.advance(10_000);
    assert.equal(writes(), 2);
    painter.show(leds("fast-blink", "off", "on"));
    const before = writes();
    clock.advance(1000);
    assert.equal(writes() - before, 10);
  });

  it("keeps one timer while something blinks, none otherwise", () => {
    const { clock, painter } = rig();
    painter.show(leds("slow-blink", "short-flash", "slow-blink"));
    assert.equal(clock.pending, 1);
    clock.advance(5000);
    assert.equal(clock.pending, 1);
    painter.show(leds("on", "off", "off"));
    assert.equal(clock.pending, 0);
  });

  it("does not wake for a LED that the board does not have", () => {
    const { clock, painter } = rig(["rec"]);
    painter.show(leds("fast-blink", "on", "slow-blink"));
    assert.equal(clock.pending, 0);
  });

  it("leaves all dark", () => {
    const { clock, painter, lit } = rig();
    painter.show(leds("on", "on", "fast-blink"));
    painter.close();
    clock.advance(1000);
    assert.deepEqual([lit("link"), lit("rec"), lit("mute"), clock.pending], [false, false, false, 0]);
  });
});
