// `plugjam devices`: the sound devices of this machine.

import { listDevices, type SoundDevice } from "../audio/devices.js";
import { complain, type ExitCode, messageOf, print } from "./output.js";

export function devices({ json = false }: { readonly json?: boolean }): ExitCode {
  let found: SoundDevice[];
  try {
    found = listDevices();
  } catch (error) {
    complain(
      `The sound engine cannot be loaded: ${messageOf(error)}; build it with \`npm run build:native\`.`,
    );
    return 1;
  }
  print(json ? JSON.stringify(found) : devicesText(found));
  return 0;
}

export function devicesText(found: readonly SoundDevice[]): string {
  if (found.length === 0) return "No sound device: plug a sound card in.";
  const width = Math.max(...found.map(({ device }) => device.length)) + 2;
  return found.map((each) => `${each.device.padEnd(width)}${each.name} (${directions(each)})`).join("\n");
}

function directions({ capture, playback }: SoundDevice): string {
  return [capture && "capture", playback && "playback"].filter(Boolean).join(" and ") || "unusable";
}
