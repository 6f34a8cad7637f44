// What a hub shows on the panel: that it is up, who is here, and, honestly, whether it records.

import type { ConfigTrouble } from "../core/config-trouble.js";
import { large, screen, sentence, small } from "../core/display-lines.js";
import type { DisplayLine, Leds, PanelView } from "../core/view.js";
import type { HubStatus } from "./hub-status.js";

export type ShownHub = Pick<
  HubStatus,
  "state" | "trouble" | "name" | "port" | "recording" | "writing" | "recorderTrouble"
> & { readonly clients: readonly { readonly name: string }[] };

/** A hub works on with the settings that stand in for bad ones; where the mistake is shows as soon as there is room. */
export function hubView(hub: ShownHub, configTrouble: ConfigTrouble | null = null): PanelView {
  return { leds: leds(hub), display: display(hub, configTrouble) };
}

/** One line for those who look after it: no names, no addresses. */
export function hubLine({ state, clients, writing }: ShownHub): string {
  return state === "up" ? `up, ${clients.length} here, recording: ${writing ? "yes" : "no"}` : state;
}

/** REC is on exactly while frames are written; before that, while everybody is being told, it blinks. */
function leds({ state, recording, writing }: ShownHub): Leds {
  const link = state === "up" ? "on" : state === "failed" ? "fast-blink" : "off";
  const rec = writing ? "on" : recording === "announcing" ? "slow-blink" : "off";
  return { link, rec, mute: "off" };
}

function display(hub: ShownHub, configTrouble: ConfigTrouble | null): readonly DisplayLine[] {
  if (hub.state === "failed") return screen(large("NO HUB"), ...sentence(hub.trouble ?? ""));
  if (hub.state === "off") return screen(large("STOPPED"), small(hub.name));
  const names = hub.clients.map(({ name }) => name || "(no name)").join(", ");
  return screen(
    large(hub.name || "HUB"),
    large(recordingText(hub)),
    small(`${hub.clients.length} here, port ${hub.port ?? 0}`),
    ...(hub.recorderTrouble === null ? [] : sentence(hub.recorderTrouble)),
    ...(configTrouble === null ? [] : mistake(configTrouble)),
    ...(names === "" ? [] : [small(names)]),
  );
}

function mistake({ where, key, what }: ConfigTrouble): readonly DisplayLine[] {
  return [small("File not good:"), small(where), small(key ?? what)];
}

function recordingText({ recording, writing }: ShownHub): string {
  if (writing) return "REC";
  switch (recording) {
    case "unavailable":
    case "off":
      return "NOT REC";
    case "announcing":
      return "REC SOON";
    case "on":
      // Told and ready, but nobody plays.
      return "REC READY";
  }
}
