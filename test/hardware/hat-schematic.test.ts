// The HAT's schematic obeys the electrical rules and leads to the pins of the pinmap.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { electricalFaults } from "../../hardware/tools/electrical-rules.js";
import { pinCount, pinName, pinOfGpio } from "../../hardware/tools/header.js";
import { readSchematic } from "../../hardware/tools/schematic.js";
import { loadPinmap } from "../../src/panel/gpio/pinmap.js";

const source = readFileSync("hardware/hat/plugjam-hat.kicad_sch", "utf8");
const { nets } = readSchematic(source);
const net = (name: string) => nets.find(({ names }) => names.includes(name))?.pins ?? [];
const pinsOf = (name: string) => net(name).map(({ ref, number }) => `${ref}.${number}`);

/** What is wrong with the schematic once one thing is changed, which must be there. */
function faultsWith(from: string | RegExp, to: string): string[] {
  const changed = source.replace(from, to);
  assert.notEqual(changed, source, `the schematic has no ${from}`);
  return electricalFaults(readSchematic(changed));
}

describe("the HAT's schematic", () => {
  it("obeys the electrical rules", () => {
    assert.deepEqual(electricalFaults(readSchematic(source)), []);
  });

  const mistakes: readonly (readonly [what: string, from: string | RegExp, to: string, fault: RegExp])[] = [
    [
      "a label at the wrong wire",
      '(label "SDA" (at 190.5',
      '(label "SCL" (at 190.5',
      /^SDA: 1 pin connected to nothing$/,
    ],
    [
      "a wire that ends beside its pin",
      "(xy 124.46 58.42) (xy 130.81 58.42)",
      "(xy 124.46 58.42) (xy 129.54 58.42)",
      /ends nowhere at 129.54,58.42/,
    ],
    [
      "two names on one wire",
      '(label "ID_SC" (at 236.22 149.86',
      '(label "ID_SC" (at 219.71 152.4',
      /ID_WP and ID_SC are wired together|ID_SC and ID_WP are wired together/,
    ],
    ["a part twice", '"Reference" "R2"', '"Reference" "R1"', /^R1 is there twice$/],
    [
      "a supply without its source",
      "(pin power_out line",
      "(pin passive line",
      /^\+3V3: supplied by nobody$/,
    ],
    [
      "a pin crossed out that is connected",
      "(no_connect (at 43.18 81.28)",
      "(no_connect (at 43.18 119.38)",
      /crossed out, yet connected/,
    ],
    ["an output on a supply", "(pin passive line", "(pin output line", /^\+3V3: driven by/],
  ];
  for (const [what, from, to, fault] of mistakes) {
    it(`would not with ${what}`, () => {
      assert.match(faultsWith(from, to).join("\n"), new RegExp(fault.source, "m"));
    });
  }

  it("knows the header as we do", () => {
    const header = nets.flatMap(({ pins }) => pins).filter(({ ref }) => ref === "J1");
    assert.equal(header.length, pinCount);
    for (const { number, name } of header) {
      const [, gpio] = /GPIO(\d+)/.exec(name) ?? [];
      assert.equal(pinName(Number(number)), gpio === undefined ? name : `GPIO ${gpio}`);
    }
  });

  const { buttons, leds } = loadPinmap().boards.default;
  for (const [name, gpio] of Object.entries(buttons)) {
    it(`leads the ${name} button to GPIO ${gpio}, pulled up, smoothed, and to ground when pressed`, () => {
      const signal = name.toUpperCase();
      const [pullUp, series, capacitor, button] =
        name === "connect" ? ["R1", "R2", "C1", "SW1"] : ["R3", "R4", "C2", "SW2"];
      assert.deepEqual(
        pinsOf(signal).sort(),
        [`${capacitor}.1`, `J1.${pinOfGpio(gpio ?? -1)}`, `${series}.2`].sort(),
      );
      assert.deepEqual(pinsOf(`${signal}_KEY`).sort(), [`${pullUp}.2`, `${series}.1`, `${button}.1`].sort());
      assert.ok(pinsOf("+3V3").includes(`${pullUp}.1`));
      for (const grounded of [`${capacitor}.2`, `${button}.2`]) assert.ok(pinsOf("GND").includes(grounded));
    });
  }

  for (const [at, [name, gpio]] of Object.entries(leds).entries()) {
    it(`leads GPIO ${gpio} over a resistor and the ${name} LED to ground`, () => {
      const [resistor, led] = [`R${5 + at}`, `D${1 + at}`];
      const signal = name.toUpperCase();
      assert.deepEqual(pinsOf(`${signal}_LED`), [`J1.${pinOfGpio(gpio ?? -1)}`, `${resistor}.1`]);
      assert.deepEqual(pinsOf(`${signal}_A`), [`${resistor}.2`, `${led}.2`]);
      assert.ok(pinsOf("GND").includes(`${led}.1`));
      assert.deepEqual(
        net(`${signal}_A`).map((pin) => pin.name),
        ["~", "A"],
      );
    });
  }

  it("leads I2C to the display and the ID pins to the EEPROM alone", () => {
    assert.deepEqual(pinsOf("SDA"), [`J1.${pinOfGpio(2)}`, "J2.4"]);
    assert.deepEqual(pinsOf("SCL"), [`J1.${pinOfGpio(3)}`, "J2.3"]);
    assert.deepEqual(pinsOf("ID_SD"), [`J1.${pinOfGpio(0)}`, "U1.5", "R8.2"]);
    assert.deepEqual(pinsOf("ID_SC"), [`J1.${pinOfGpio(1)}`, "U1.6", "R9.2"]);
  });
});
