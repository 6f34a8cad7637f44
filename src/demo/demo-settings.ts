// The demo's configuration, as settings over the defaults.

import path from "node:path";

export interface DemoParts {
  /** The demo's temporary folder. */
  readonly folder: string;
  /** For its hub, on loopback. */
  readonly port: number;
  /** An ALSA PCM. */
  readonly device: string;
}

/** Settings as `--set` takes them; those of the user go behind these and win. */
export function demoSettings({ folder, port, device }: DemoParts): string[] {
  return [
    "profile.name=Plugjam demo",
    "role=both",
    `hub.listen=127.0.0.1:${port}`,
    "connect.on_boot=true",
    `audio.device=${device}`,
    "panel.gpio=off",
    "panel.display=off",
    `control.socket=${path.join(folder, "control.sock")}`,
    "log.level=warn",
  ];
}
