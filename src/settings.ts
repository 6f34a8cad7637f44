// What the configuration means to each part of the box.

import type { Card, CardOptions } from "./audio/engine.js";
import type { RecordingOptions } from "./audio/native-recorder.js";
import type { Config } from "./config/schema.js";
import type { Timing } from "./core/card-timing.js";
import type { Server } from "./core/state.js";
import type { HubSettings } from "./hub/hub.js";
import { parseServerAddress, writeServerAddress } from "./lib/server-address.js";
import type { HardwarePanelOptions } from "./panel/hardware-panel.js";
import { defaultPort } from "./protocol/index.js";
import type { WantedTransport } from "./session/machine-types.js";

/** Blocks are for a whole session, and "auto" may change during one. */
const autoPeriodFrames = 64;

/** `device` is the one that "auto" stands for; null: there is none. */
export function cardOptions({ audio }: Config, device: string | null, timing: Timing): CardOptions | null {
  const name = (configured: string) => (configured === "auto" ? device : configured);
  const [capture, playback] = [name(audio.capture), name(audio.playback)];
  if (capture === null || playback === null) return null;
  return { capture, playback, ...timing, full: audio.period !== "auto" };
}

/** Blocks as large as a period, as Jamulus chooses them (spec 3.1), so that none waits for its other half. */
export function wantedTransport({ audio }: Config): WantedTransport {
  const frames = audio.period === "auto" ? autoPeriodFrames : audio.period;
  return {
    blockFrames: frames < 128 ? 64 : 128,
    blocksPerPacket: frames < 256 ? 1 : 2,
    channels: audio.channels === "mono" ? 1 : 2,
    quality: audio.quality,
  };
}

/**
 * Latency in ms of the card, both directions together: a period to capture, one to play and what is left of those
 * before it (0: all others), and a block more where periods and blocks do not divide each other.
 */
export function cardLatencyMs(
  { periodFrames, periods }: Card,
  headroomFrames: number,
  blockFrames: number,
): number {
  const fits = periodFrames % blockFrames === 0 || blockFrames % periodFrames === 0;
  const left = headroomFrames || periodFrames * (periods - 1);
  return (2 * periodFrames + left + (fits ? 0 : blockFrames)) / 48;
}

/** A hub goes by the name in the profile, as a box does. */
export function hubSettings({ hub, profile }: Config): HubSettings {
  return {
    listen: hub.listen,
    name: profile.name,
    city: profile.city,
    country: profile.country,
    maxClients: hub.max_clients,
    welcome: hub.welcome,
    smallBlocks: hub.small_blocks,
    licence: hub.licence,
    chat: hub.chat,
    public: hub.public,
    record: hub.record,
    directory: hub.directory,
    directoryAllow: hub.directory_allow,
    directoryDeny: hub.directory_deny,
    registerWith: hub.register_with,
  };
}

/** Null: nothing can be recorded. */
export function recordingSettings({
  hub,
}: Config): Pick<RecordingOptions, "folder" | "bits" | "names" | "keepDays"> | null {
  if (hub.record_dir === "") return null;
  return { folder: hub.record_dir, bits: hub.record_bits, names: hub.record_names, keepDays: hub.keep_days };
}

/** The hub of a box that is both, as one of its servers. */
export function ownHub({ hub, profile }: Config): Server {
  const { host, port } = parseServerAddress(hub.listen) ?? { host: "0.0.0.0", port: null };
  const loopback: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
  const address = writeServerAddress(loopback[host] ?? host, port ?? defaultPort);
  return { name: profile.name, address };
}

/** Which buttons, LEDs and display there are. */
export function panelOptions({
  panel,
}: Config): Pick<HardwarePanelOptions, "gpio" | "board" | "display" | "bus" | "address"> {
  const { gpio, board, display, i2c_bus, i2c_address } = panel;
  return { gpio, board, display, bus: i2c_bus, address: i2c_address };
}
