// The device tree overlay compiles, applies, and pulls up the buttons of the pinmap.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPinmap } from "../../src/panel/gpio/pinmap.js";

/** As much of a Pi as the overlay speaks of. */
const pi = `/dts-v1/;
/ {
	compatible = "raspberrypi,3-model-b", "brcm,bcm2837";
	soc {
		gpio: gpio { };
		i2c1: i2c { status = "disabled"; };
	};
};
`;

describe("the device tree overlay", () => {
  let folder: string;
  const inFolder = (name: string) => join(folder, name);
  const get = (node: string, property: string) =>
    execFileSync("fdtget", [inFolder("merged.dtb"), node, property], { encoding: "utf8" }).trim();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-overlay-"));
    writeFileSync(inFolder("pi.dts"), pi);
    const compile = (source: string, to: string) =>
      execFileSync("dtc", ["-@", "-I", "dts", "-O", "dtb", "-o", inFolder(to), source], { encoding: "utf8" });
    compile(inFolder("pi.dts"), "pi.dtb");
    compile("hardware/overlay/plugjam.dts", "plugjam.dtbo");
    execFileSync("fdtoverlay", [
      "-i",
      inFolder("pi.dtb"),
      "-o",
      inFolder("merged.dtb"),
      inFolder("plugjam.dtbo"),
    ]);
  });
  after(() => rmSync(folder, { recursive: true }));

  it("pulls up the buttons of the default board, as inputs", () => {
    const buttons = "/soc/gpio/plugjam_buttons";
    const { connect, mute } = loadPinmap().boards.default.buttons;
    assert.equal(get(buttons, "brcm,pins"), `${connect} ${mute}`);
    assert.deepEqual([get(buttons, "brcm,function"), get(buttons, "brcm,pull")], ["0", "2"]);
    assert.equal(get("/soc/gpio", "pinctrl-0"), get(buttons, "phandle"));
  });

  it("switches on the bus of the display", () => {
    assert.deepEqual([get("/soc/i2c", "status"), get("/soc/i2c", "clock-frequency")], ["okay", "400000"]);
  });
});
