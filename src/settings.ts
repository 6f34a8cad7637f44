// What the configuration means to each part of the box.

import type { Card, CardOptions } from "./audio/engine.js";
import type { Config } from "./config/schema.js";
import type { HardwarePanelOptions } from "./panel/hardware-panel.js";
import type { WantedTransport } from "./session/machine-types.js";

/** What "auto" starts from: the smallest period that ordinary cards hold. */
const autoPeriodFrames = 64;

/** `device` is the one that "auto" stands for; null: there is none. */
export function cardOptions({ audio }: Config, device: string | null): CardOptions | null {
  const name = (configured: string) => (configured === "auto" ? device : configured);
  const [capture, playback] = [name(audio.capture), name(audio.playback)];
  if (capture === null || playback === null) return null;
  return { capture, playback, periodFrames: periodFrames(audio.period), periods: audio.periods };
}

/** Blocks as large as a period, as Jamulus chooses them (spec 3.1), so that none waits for its other half. */
export function wantedTransport({ audio }: Config): WantedTransport {
  const frames = periodFrames(audio.period);
  return {
    blockFrames: frames < 128 ? 64 : 128,
    blocksPerPacket: frames < 256 ? 1 : 2,
    channels: audio.channels === "mono" ? 1 : 2,
    quality: audio.quality,
  };
}

/**
 * Latency in ms of the card, both directions together: a period to capture, all periods to play, and a block more
 * where periods and blocks do not divide each other.
 */
export function cardLatencyMs({ periodFrames, periods }: Card, blockFrames: number): number {
  const fits = periodFrames % blockFrames === 0 || blockFrames % periodFrames === 0;
  return (periodFrames * (1 + periods) + (fits ? 0 : blockFrames)) / 48;
}

/** Which buttons, LEDs and display there are. */
export function panelOptions({
  panel,
}: Config): Pick<HardwarePanelOptions, "gpio" | "board" | "display" | "bus" | "address"> {
  const { gpio, board, display, i2c_bus, i2c_address } = panel;
  return { gpio, board, display, bus: i2c_bus, address: i2c_address };
}

function periodFrames(period: number | "auto"): number {
  return period === "auto" ? autoPeriodFrames : period;
}
