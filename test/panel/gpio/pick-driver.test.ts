// Which GPIO interface is used, and which chip, on a made-up system.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeGpio } from "../../../src/lib/native-gpio.js";
import { sysfsBase } from "../../../src/panel/gpio/onoff-driver.js";
import { type GpioMode, pickDriver } from "../../../src/panel/gpio/pick-driver.js";
import { loadPinmap } from "../../../src/panel/gpio/pinmap.js";
import { ManualClock } from "../../support/manual-clock.js";

const { chips } = loadPinmap();

describe("pickDriver", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "plugjam-gpio-"));
    mkdirSync(join(root, "sysfs"));
    mkdirSync(join(root, "dev"));
    writeFileSync(join(root, "dev", "gpiomem"), "");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function sysfsChip(base: number, label: string): void {
    const folder = join(root, "sysfs", `gpiochip${base}`);
    mkdirSync(folder);
    writeFileSync(join(root, "sysfs", "export"), "");
    for (const [file, text] of Object.entries({ base, label, ngpio: 54 })) {
      writeFileSync(join(folder, file), `${text}\n`);
    }
  }

  /** Labels of the character devices; a code in capitals: that is what opening it gives. */
  function pick(mode: GpioMode, devices: Record<string, string> = {}): string {
    for (const name of Object.keys(devices)) writeFileSync(join(root, "dev", name), "");
    const readGpioChip = (path: string) => {
      const label = devices[path.slice(join(root, "dev").length + 1)] ?? "";
      if (/^E[A-Z]+$/.test(label)) throw Object.assign(new Error(label), { code: label });
      return { label, lines: 54 };
    };
    const native = { readGpioChip } as NativeGpio;
    const driver = pickDriver(mode, chips, {
      native: () => native,
      clock: new ManualClock(),
      sysfsFolder: join(root, "sysfs"),
      deviceFolder: join(root, "dev"),
    });
    if ("trouble" in driver) return driver.trouble;
    return driver.tellsAll ? "cdev" : "onoff";
  }

  it("finds the base of the right chip, whichever it is", () => {
    sysfsChip(0, "raspberrypi-exp-gpio");
    assert.equal(sysfsBase(chips, join(root, "sysfs")), null);
    sysfsChip(571, "pinctrl-rp1");
    assert.equal(sysfsBase(chips, join(root, "sysfs")), 571);
    assert.equal(sysfsBase(chips, join(root, "nowhere")), null);
  });

  it("takes sysfs where it is, the character device where it is not", () => {
    const device = { gpiochip0: "pinctrl-bcm2711" };
    assert.equal(pick("auto", device), "cdev");
    sysfsChip(512, "pinctrl-bcm2711");
    assert.equal(pick("auto", device), "onoff");
    assert.equal(pick("onoff", device), "onoff");
    assert.equal(pick("cdev", device), "cdev");
  });

  it("finds the device of the right chip, past one that it may not open", () => {
    assert.equal(
      pick("auto", { gpiochip0: "EACCES", gpiochip1: "gpio-brcmstb", gpiochip4: "pinctrl-rp1" }),
      "cdev",
    );
  });

  it("says what is missing and what to do", () => {
    assert.match(pick("auto"), /^no GPIO chip pinctrl-bcm2835, .* \[panel\] gpio = "off"$/);
    assert.match(pick("onoff", { gpiochip0: "pinctrl-rp1" }), /^no GPIO chip .* in \/sys\/class\/gpio/);
    assert.match(pick("cdev", { gpiochip0: "EACCES" }), /^GPIO cannot be used \(EACCES\).* group gpio$/);
  });
});
