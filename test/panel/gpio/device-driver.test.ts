// The character device's driver over a made-up addon; over a real kernel it is tested in test/kernel.

import assert from "node:assert/strict";
import type { GpioChange, NativeGpio } from "../../../src/lib/native-gpio.js";
import { deviceDriver } from "../../../src/panel/gpio/device-driver.js";

function rig(refuses: (debounceUs: number) => string | null = () => null) {
  const asked: number[] = [];
  let wake = () => {};
  let take = (): GpioChange[] => [];
  class GpioInput {
    constructor(_chip: string, _line: number, _low: boolean, debounceUs: number, onChanges: () => void) {
      asked.push(debounceUs);
      const code = refuses(debounceUs);
      if (code !== null) throw Object.assign(new Error(code), { code });
      wake = onChanges;
    }
    isActive = () => false;
    take = () => take();
    close() {}
  }
  const told: unknown[] = [];
  const driver = deviceDriver("/dev/gpiochip0", { GpioInput } as unknown as NativeGpio);
  const open = () =>
    driver.openInput(6, true, {
      changed: (active, atMs) => told.push([active, atMs]),
      lost: (error) => told.push((error as NodeJS.ErrnoException).code),
    });
  const news = (what: () => GpioChange[]) => {
    take = what;
    wake();
  };
  return { asked, told, open, news };
}

describe("deviceDriver", () => {
  it("passes on the kernel's changes with their times, in order", () => {
    const { asked, told, open, news } = rig();
    open();
    news(() => [
      { active: true, atMs: 10.5 },
      { active: false, atMs: 90.25 },
    ]);
    assert.deepEqual(told, [
      [true, 10.5],
      [false, 90.25],
    ]);
    assert.equal(asked.length, 1);
    assert.ok((asked[0] ?? 0) > 0, "the kernel was not asked to debounce");
  });

  it("does without the kernel's debouncing where it is refused", () => {
    const { asked, open } = rig((debounceUs) => (debounceUs > 0 ? "EINVAL" : null));
    open();
    assert.equal(asked.at(-1), 0);
  });

  it("throws what the kernel refuses altogether", () => {
    const { open } = rig(() => "EBUSY");
    assert.throws(open, { code: "EBUSY" });
  });

  it("tells that the chip is gone", () => {
    const { told, open, news } = rig();
    open();
    news(() => {
      throw Object.assign(new Error(), { code: "ENODEV" });
    });
    assert.deepEqual(told, ["ENODEV"]);
  });
});
