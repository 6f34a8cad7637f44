// Opens the panel on the pins that the pinmap names for a board, by whichever GPIO interface the kernel has.

import type { Clock, Scheduler } from "../../lib/clock.js";
import type { NativeGpio } from "../../lib/native-gpio.js";
import { GpioPanel } from "./gpio-panel.js";
import { type GpioMode, pickDriver } from "./pick-driver.js";
import { type BoardName, loadPinmap } from "./pinmap.js";

export interface OpenGpioOptions {
  readonly mode: GpioMode | "off";
  readonly board: BoardName;
  /** The addon; asked for only where the character device is looked for. */
  readonly native: () => NativeGpio;
  readonly clock: Clock & Scheduler;
  /** One sentence on what is not all there, with what to do. Pins that are refused are told of before this returns. */
  readonly onTrouble: (sentence: string) => void;
}

/** Null where it is off, and where there is no GPIO to use at all, which `onTrouble` has been told. */
export function openGpio(options: OpenGpioOptions): GpioPanel | null {
  if (options.mode === "off") return null;
  const { chips, boards } = loadPinmap();
  const driver = pickDriver(options.mode, chips, options);
  if ("trouble" in driver) {
    options.onTrouble(driver.trouble);
    return null;
  }
  return new GpioPanel({ ...options, driver, board: boards[options.board] });
}
