// Pictures as writes, against a model of either controller: what shows afterwards, and what it costs.

import assert from "node:assert/strict";
import { controllerOf, sh1106, ssd1306 } from "../../../src/panel/oled/controllers.js";
import { changeWrites, darkWrites, freshWrites } from "../../../src/panel/oled/update.js";
import { Pixels } from "../../../src/panel/pixels.js";
import { drawScreen } from "../../../src/panel/screen.js";
import { Random } from "../../support/random.js";
import { type ChipName, DisplayModel } from "./display-model.js";

const controllers = { ssd1306, sh1106 };

for (const name of ["ssd1306", "sh1106"] as const) {
  const controller = controllers[name];

  describe(`writes for the ${controller.name}`, () => {
    it("set up a display that just got power, and light it when the picture is there", () => {
      const display = new DisplayModel(name);
      const picture = randomPicture(new Random(3));
      const writes = freshWrites(controller, picture, 0x7f);
      const last = writes.at(-1) ?? new Uint8Array();
      for (const write of writes.slice(0, -1)) {
        display.take(write);
        assert.ok(!display.isLit);
      }
      assert.deepEqual(display.picture, picture.bytes);
      display.take(last);
      assert.ok(display.isLit && display.isUpright);
      assert.equal(display.contrast, 0x7f);
    });

    it("set up a display that another program left its own way", () => {
      const display = new DisplayModel(name);
      display.take(Uint8Array.of(0x00, 0xa0, 0xc0, 0x81, 0x01, ...(name === "ssd1306" ? [0x20, 0x00] : [])));
      const picture = randomPicture(new Random(4));
      for (const write of freshWrites(controller, picture, 0x7f)) display.take(write);
      assert.ok(display.isLit && display.isUpright);
      assert.equal(display.contrast, 0x7f);
      assert.deepEqual(display.picture, picture.bytes);
    });

    it("show each of a thousand pictures exactly", () => {
      const random = new Random(7);
      const display = freshDisplay(name);
      let before = new Pixels();
      for (let turn = 0; turn < 1000; turn++) {
        const after = turn % 50 === 0 ? randomPicture(random) : changed(before, random);
        for (const write of changeWrites(controller, before, after)) display.take(write);
        assert.deepEqual(display.picture, after.bytes, `turn ${turn}`);
        before = after;
      }
    });

    it("leave it dark and its memory empty", () => {
      const display = new DisplayModel(name);
      for (const write of freshWrites(controller, randomPicture(new Random(5)), 1)) display.take(write);
      for (const write of darkWrites(controller)) display.take(write);
      assert.ok(!display.isLit);
      assert.ok(display.picture.every((byte) => byte === 0));
    });
  });
}

describe("changeWrites", () => {
  it("is empty for the same picture", () => {
    const picture = randomPicture(new Random(1));
    assert.deepEqual(changeWrites(ssd1306, picture, picture.copy()), []);
  });

  it("sends only the stretch of columns that changed", () => {
    const after = new Pixels();
    after.set(20, 8);
    after.set(22, 10);
    assert.deepEqual(changeWrites(ssd1306, new Pixels(), after), [
      Uint8Array.of(0x00, 0xb1, 0x04, 0x11),
      Uint8Array.of(0x40, 0x01, 0x00, 0x04),
    ]);
    assert.deepEqual(changeWrites(sh1106, new Pixels(), after)[0], Uint8Array.of(0x00, 0xb1, 0x06, 0x11));
  });

  it("splits a page where that is cheaper", () => {
    const stretches = (gap: number) => {
      const after = new Pixels();
      after.set(10, 0);
      after.set(11 + gap, 0);
      return changeWrites(ssd1306, new Pixels(), after).length / 2;
    };
    assert.equal(stretches(7), 1);
    assert.equal(stretches(8), 2);
  });

  it("costs a changed number a hundredth of the whole picture", () => {
    const screen = (delay: string) =>
      drawScreen([
        { text: "Basement", size: "large" },
        { text: "NOT REC", size: "large" },
        { text: `3 here, delay ${delay} ms`, size: "small" },
      ]);
    assert.ok(bytesOf(changeWrites(ssd1306, screen("31"), screen("32"))) <= 10);
    assert.ok(bytesOf(freshWrites(ssd1306, screen("31"), 1)) > 1024);
  });
});

describe("controllerOf", () => {
  it("tells the two by the status byte, lit or not", () => {
    for (const name of ["ssd1306", "sh1106"] as const) {
      assert.equal(controllerOf(new DisplayModel(name).status), controllers[name]);
      assert.equal(controllerOf(freshDisplay(name).status), controllers[name]);
    }
    for (const status of [0x03, 0x43, 0x07]) assert.equal(controllerOf(status), ssd1306);
  });
});

function freshDisplay(name: ChipName): DisplayModel {
  const display = new DisplayModel(name);
  for (const write of freshWrites(controllers[name], new Pixels(), 1)) display.take(write);
  return display;
}

function randomPicture(random: Random): Pixels {
  const pixels = new Pixels();
  pixels.bytes.set(random.bytes(pixels.bytes.length));
  return pixels;
}

/** The picture with up to twenty bytes of it changed. */
function changed(before: Pixels, random: Random): Pixels {
  const after = before.copy();
  for (let count = random.below(20); count > 0; count--) {
    after.bytes[random.below(after.bytes.length)] = random.below(256);
  }
  return after;
}

function bytesOf(writes: readonly Uint8Array[]): number {
  return writes.reduce((sum, write) => sum + write.length, 0);
}
