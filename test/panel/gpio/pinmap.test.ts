// The pins of the boards.

import assert from "node:assert/strict";
import { loadPinmap, parsePinmap } from "../../../src/panel/gpio/pinmap.js";

describe("pinmap", () => {
  const { chips, boards } = loadPinmap();

  it("has the pins that the boards are wired to", () => {
    const pins = Object.entries(boards).map(([name, { buttons, leds }]) => [
      name,
      [buttons.connect, buttons.mute],
      [leds.link, leds.rec, leds.mute],
    ]);
    assert.deepEqual(pins, [
      ["default", [6, 5], [23, 22, 27]],
      ["codec-zero", [27, 5], [23, 24, 22]],
      ["pisound", [17, null], [null, null, null]],
      ["audioinjector-octo", [4, 6], [14, 15, null]],
    ]);
  });

  it("knows the chips of all Raspberry Pis with a header", () => {
    assert.deepEqual(chips, ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"]);
  });

  for (const [name, { buttons, leds }] of Object.entries(boards)) {
    it(`gives no pin of ${name} two jobs, nor one of the display's`, () => {
      const pins = [...Object.values(buttons), ...Object.values(leds)].filter((pin) => pin !== null);
      assert.equal(new Set(pins).size, pins.length);
      assert.deepEqual(
        pins.filter((pin) => pin === 2 || pin === 3),
        [],
      );
    });
  }

  it("takes no pin that the header does not have, and no part it does not know", () => {
    const map = (change: (board: (typeof boards)["default"]) => unknown) =>
      JSON.stringify({ chips, boards: { ...boards, default: change(boards.default) } });
    assert.deepEqual(parsePinmap(map((board) => board)), { chips, boards });
    assert.throws(() => parsePinmap(map((board) => ({ ...board, buttons: { connect: 28, mute: 5 } }))));
    assert.throws(() => parsePinmap(map((board) => ({ ...board, leds: { ...board.leds, power: 4 } }))));
    assert.throws(() => parsePinmap(map((board) => ({ ...board, pressed: "down" }))));
  });
});
