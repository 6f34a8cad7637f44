// The panel on pins: what it passes on, what it lights, and how it does without a pin.

import assert from "node:assert/strict";
import type { PanelView } from "../../../src/core/view.js";
import { GpioPanel } from "../../../src/panel/gpio/gpio-panel.js";
import { type BoardName, loadPinmap } from "../../../src/panel/gpio/pinmap.js";
import { ManualClock } from "../../support/manual-clock.js";
import { FakeLines } from "./fake-lines.js";

const view: PanelView = { leds: { link: "on", rec: "off", mute: "on" }, display: [] };

function rig(prepare: (lines: FakeLines) => void = () => {}, board: BoardName = "default") {
  const clock = new ManualClock(500);
  const lines = new FakeLines(clock, true);
  prepare(lines);
  const troubles: string[] = [];
  const panel = new GpioPanel({
    driver: lines,
    board: loadPinmap().boards[board],
    clock,
    onTrouble: (sentence) => troubles.push(sentence),
  });
  const edges: [string, boolean, number][] = [];
  panel.onEdge((button, down, atMs) => edges.push([button, down, atMs]));
  return { clock, lines, panel, edges, troubles };
}

describe("GpioPanel", () => {
  const panels: GpioPanel[] = [];
  const opened = (...args: Parameters<typeof rig>) => {
    const made = rig(...args);
    panels.push(made.panel);
    return made;
  };
  afterEach(() => {
    for (const panel of panels.splice(0)) panel.close();
  });

  it("tells which button moved, and when", () => {
    const { clock, lines, edges, troubles } = opened();
    lines.move(6, true);
    clock.advance(40);
    lines.move(5, true);
    clock.advance(40);
    lines.move(6, false);
    assert.deepEqual(edges, [
      ["connect", true, 500],
      ["mute", true, 540],
      ["connect", false, 580],
    ]);
    assert.deepEqual(troubles, []);
  });

  it("lights the LEDs of the board, and leaves them dark and free", () => {
    const { lines, panel } = opened();
    panel.show(view);
    assert.deepEqual(Object.fromEntries(lines.lit), { 23: true, 22: false, 27: true });
    panel.close();
    assert.equal(lines.openLines, 0);
    panel.show(view);
    assert.equal(lines.writes, 4);
  });

  it("does without parts that the board does not have", () => {
    const { lines, panel, edges, troubles } = opened(undefined, "pisound");
    panel.show(view);
    lines.move(17, true);
    assert.deepEqual([lines.openLines, edges.length, troubles.length], [1, 1, 0]);
  });

  it("does without pins that are not to be had, and says of each what to do", () => {
    const { lines, panel, edges, troubles } = opened((lines) => {
      lines.refused.set(5, "EBUSY");
      lines.refused.set(22, "EACCES");
      lines.refused.set(27, "EINVAL");
    });
    panel.show(view);
    lines.move(6, true);
    assert.deepEqual(Object.fromEntries(lines.lit), { 23: true });
    assert.equal(edges.length, 1);
    assert.equal(troubles.length, 3);
    assert.match(troubles[0] ?? "", /^the MUTE button \(GPIO 5\) is in use.*gpioinfo/);
    assert.match(troubles[1] ?? "", /^the REC LED \(GPIO 22\) is not permitted.*group gpio/);
    assert.match(troubles[2] ?? "", /^the MUTE LED \(GPIO 27\) cannot be had \(EINVAL\)/);
  });

  it("names a button that is stuck", () => {
    const { clock, troubles } = opened((lines) => lines.downAtStart.add(5));
    clock.advance(100);
    assert.equal(troubles.length, 1);
    assert.match(troubles[0] ?? "", /^the MUTE button \(GPIO 5\) was down at power-on/);
  });

  it("says once that a LED or a button was lost", () => {
    const { clock, lines, panel, troubles } = opened();
    panel.show({ ...view, leds: { link: "fast-blink", rec: "off", mute: "off" } });
    lines.refused.set(23, "ENODEV");
    clock.advance(1000);
    lines.lose(6, Object.assign(new Error(), { code: "ENODEV" }));
    assert.equal(troubles.length, 2);
    assert.match(troubles[0] ?? "", /^the LINK LED \(GPIO 23\) was lost \(ENODEV\)/);
    assert.match(troubles[1] ?? "", /^the CONNECT button \(GPIO 6\) was lost \(ENODEV\)/);
  });
});
