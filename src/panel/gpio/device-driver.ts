// GPIO lines by the kernel's GPIO character device, /dev/gpiochipN.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { NativeGpio, NativeGpioInput } from "../../lib/native-gpio.js";
import type { LineDriver } from "./lines.js";

export const deviceFolder = "/dev";

/** The kernel keeps what is shorter from us: induced spikes, not bounces, which the debouncer deals with. */
const kernelDebounceUs = 1000;

/** The path of the first chip with one of these labels; null: none is there. Throws if none is and one could not be read. */
export function findDevice(
  labels: readonly string[],
  native: Pick<NativeGpio, "readGpioChip">,
  folder = deviceFolder,
): string | null {
  let unreadable: unknown = null;
  for (const name of readdirSync(folder)) {
    if (!/^gpiochip\d+$/.test(name)) continue;
    const path = join(folder, name);
    try {
      if (labels.includes(native.readGpioChip(path).label)) return path;
    } catch (error) {
      unreadable = error;
    }
  }
  if (unreadable !== null) throw unreadable;
  return null;
}

/** `chip` is from `findDevice`. */
export function deviceDriver(chip: string, native: NativeGpio): LineDriver {
  return {
    tellsAll: true,
    openInput(gpio, activeLow, listener) {
      const takeAll = () => {
        try {
          for (const { active, atMs } of line.take()) listener.changed(active, atMs);
        } catch (error) {
          listener.lost(error);
        }
      };
      const open = (debounceUs: number) => new native.GpioInput(chip, gpio, activeLow, debounceUs, takeAll);
      const line = openDebounced(open);
      return { isActive: () => line.isActive(), catchUp: takeAll, close: () => line.close() };
    },
    openOutput: (gpio, activeLow) => new native.GpioOutput(chip, gpio, activeLow),
  };
}

/** Not every driver can debounce, or be debounced; the debouncer alone will do. */
function openDebounced(open: (debounceUs: number) => NativeGpioInput): NativeGpioInput {
  try {
    return open(kernelDebounceUs);
  } catch {
    return open(0);
  }
}
