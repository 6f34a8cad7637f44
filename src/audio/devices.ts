// Which sound devices there are, and which one "auto" means.

import { loadAddon, type SoundDevice } from "./addon.js";

export type { SoundDevice } from "./addon.js";

/** The kernel's sound devices, in the kernel's order. */
export function listDevices(): SoundDevice[] {
  return loadAddon().listDevices();
}

/**
 * The device that "auto" stands for: the first that both captures and plays, a USB or HAT card before the
 * computer's own; null where there is none.
 */
export function pickDevice(devices: readonly SoundDevice[]): string | null {
  const usable = devices.filter((device) => device.capture && device.playback);
  const external = usable.find((device) => !/^(HDA|hda|bcm2835|vc4)/.test(device.name));
  return (external ?? usable[0])?.device ?? null;
}
