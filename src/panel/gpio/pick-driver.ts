// Which of the kernel's two GPIO interfaces the panel uses here.

import type { Clock } from "../../lib/clock.js";
import type { NativeGpio } from "../../lib/native-gpio.js";
import { deviceDriver, deviceFolder, findDevice } from "./device-driver.js";
import type { LineDriver } from "./lines.js";
import { onoffDriver, sysfsBase, sysfsFolder, sysfsUsable } from "./onoff-driver.js";
import { noChip, noInterface } from "./trouble.js";

/** As `[panel] gpio` names them: sysfs by onoff, the character device, or what is there in this order. */
export type GpioMode = "auto" | "onoff" | "cdev";

export interface GpioSystem {
  /** Called only where the character device is looked for. */
  readonly native: () => NativeGpio;
  readonly clock: Clock;
  readonly sysfsFolder?: string;
  readonly deviceFolder?: string;
}

/** The driver for the chip with one of these labels, or the sentence that says why there is none. */
export function pickDriver(
  mode: GpioMode,
  labels: readonly string[],
  system: GpioSystem,
): LineDriver | { readonly trouble: string } {
  const sysfs = system.sysfsFolder ?? sysfsFolder;
  try {
    if (mode !== "cdev" && (mode === "onoff" || sysfsUsable(sysfs))) {
      const base = sysfsBase(labels, sysfs);
      if (base !== null) return onoffDriver(base, system.clock);
    }
    if (mode !== "onoff") {
      const native = system.native();
      const chip = findDevice(labels, native, system.deviceFolder ?? deviceFolder);
      if (chip !== null) return deviceDriver(chip, native);
    }
  } catch (error) {
    return { trouble: noInterface(error) };
  }
  return { trouble: noChip(labels, mode) };
}
