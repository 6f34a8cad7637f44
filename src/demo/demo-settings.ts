// The demo's configuration, as settings over the defaults.

import path from "node:path";

export interface DemoParts {
  /** The demo's temporary folder. */
  readonly folder: string;
  /** "address:port" of its server. */
  readonly server: string;
  /** An ALSA PCM. */
  readonly device: string;
}

/** Settings as `--set` takes them; those of the user go behind these and win. */
export function demoSettings({ folder, server, device }: DemoParts): string[] {
  return [
    "profile.name=Plugjam demo",
    "server.0.name=Demo server",
    `server.0.address=${server}`,
    "connect.on_boot=true",
    `audio.device=${device}`,
    "panel.gpio=off",
    "panel.display=off",
    `control.socket=${path.join(folder, "control.sock")}`,
    "log.level=warn",
  ];
}
