// GPIO lines by onoff, that is by the kernel's old interface in /sys/class/gpio.

import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Gpio } from "onoff";
import type { Clock } from "../../lib/clock.js";
import type { LineDriver } from "./lines.js";

export const sysfsFolder = "/sys/class/gpio";

const require = createRequire(import.meta.url);

/** Whether lines can be asked for at all. */
export function sysfsUsable(folder = sysfsFolder): boolean {
  try {
    accessSync(join(folder, "export"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The number that sysfs gives to the first line of the chip with one of these labels, or null: none is there.
 * It differs between kernels (0, 512, 571, ...), so it is always looked up.
 */
export function sysfsBase(labels: readonly string[], folder = sysfsFolder): number | null {
  for (const name of chipsIn(folder)) {
    const read = (file: string) => readFileSync(join(folder, name, file), "utf8").trim();
    if (labels.includes(read("label"))) return Number(read("base"));
  }
  return null;
}

function chipsIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^gpiochip\d+$/.test(name));
  } catch {
    return [];
  }
}

/** `base` is from `sysfsBase`. onoff is loaded here, since its native part may be missing where there is no GPIO. */
export function onoffDriver(base: number, clock: Clock): LineDriver {
  const onoff = require("onoff") as { readonly Gpio: typeof Gpio };
  return {
    tellsAll: false,
    openInput(gpio, activeLow, listener) {
      const line = new onoff.Gpio(base + gpio, "in", "both", { activeLow });
      line.watch((error, value) => {
        if (error) listener.lost(error);
        else listener.changed(value === 1, clock.nowMs());
      });
      return {
        isActive: () => line.readSync() === 1,
        catchUp: () => {
          try {
            listener.changed(line.readSync() === 1, clock.nowMs());
          } catch (error) {
            listener.lost(error);
          }
        },
        close: () => line.unexport(),
      };
    },
    openOutput(gpio, activeLow) {
      // "high" and "low" are levels of the pin, and set without the pin ever having the other.
      const line = new onoff.Gpio(base + gpio, activeLow ? "high" : "low", "none", { activeLow });
      return {
        set: (active) => line.writeSync(active ? 1 : 0),
        close: () => line.unexport(),
      };
    },
  };
}
