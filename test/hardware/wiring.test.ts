// The wiring pictures say what the pinmap says, and are those in the tree.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pictures } from "../../hardware/tools/draw-wiring.js";
import { pinCount, pinName, pinOfGpio } from "../../hardware/tools/header.js";
import { display, panelParts } from "../../hardware/tools/wiring.js";
import { loadPinmap } from "../../src/panel/gpio/pinmap.js";

describe("wiring", () => {
  const { boards } = loadPinmap();

  it("knows the header: 28 GPIO, eight grounds, four supplies, GPIO 2 and 3 beside 3.3 V", () => {
    const names = Array.from({ length: pinCount }, (_, at) => pinName(at + 1));
    const count = (wanted: RegExp) => names.filter((name) => wanted.test(name)).length;
    assert.deepEqual([count(/GPIO/), count(/GND/), count(/3V3/), count(/5V/)], [28, 8, 2, 2]);
    assert.deepEqual([1, 3, 5, 6, 39, 40].map(pinName), ["3V3", "GPIO 2", "GPIO 3", "GND", "GND", "GPIO 21"]);
    for (let gpio = 0; gpio < 28; gpio++) assert.equal(pinName(pinOfGpio(gpio)), `GPIO ${gpio}`);
  });

  for (const [name, board] of Object.entries(boards)) {
    it(`leads every button and LED of ${name} to its pin and to a ground, no pin twice`, () => {
      const parts = [display, ...panelParts(board)];
      const wanted = [...Object.values(board.buttons), ...Object.values(board.leds)].filter(
        (gpio) => gpio !== null,
      );
      const signals = parts.slice(1).map(({ wires }) => pinName(wires[0]?.pin ?? 0));
      assert.deepEqual(signals.sort(), wanted.map((gpio) => `GPIO ${gpio}`).sort());
      const pins = parts.flatMap(({ wires }) => wires.map(({ pin }) => pin));
      assert.equal(new Set(pins).size, pins.length);
      for (const { wires } of parts) assert.equal(pinName(wires.at(-1)?.pin ?? 0), "GND");
    });
  }

  for (const [file, picture] of pictures(loadPinmap())) {
    it(`has an up-to-date ${file} (else: npm run hardware)`, () => {
      assert.equal(readFileSync(file, "utf8"), picture);
    });
  }
});
