// The front of a box as an SVG picture: its display pixel by pixel, its three lights with their rhythms.

import type { LedPattern, PanelView } from "../../src/core/view.js";
import { ledLit } from "../../src/panel/led.js";
import { displayHeight, displayWidth } from "../../src/panel/pixels.js";
import { drawScreen } from "../../src/panel/screen.js";

export const frontSize = { width: 384, height: 140 } as const;

const scale = 2;
const colours = { link: "#59d36b", rec: "#ff5a4f", mute: "#f4b942" } as const;

/** A group with its upper left corner at 0, 0. */
export function boxFront({ display, leds }: PanelView): string {
  const pixels = drawScreen(display);
  let path = "";
  for (let y = 0; y < displayHeight; y++) {
    for (let x = 0; x < displayWidth; x++) {
      const from = x;
      while (pixels.get(x, y)) x++;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
    }
  }
  const lights = (["link", "rec", "mute"] as const).map((name, at) => {
    const y = 22 + at * 44;
    return `<text x="310" y="${y + 4}">${name.toUpperCase()}</text><circle cx="292" cy="${y}" r="8" ${light(leds[name], colours[name])}`;
  });
  return `<g fill="#ccd2da"><rect width="${frontSize.width}" height="${frontSize.height}" rx="10" fill="#2b2f36"/><rect x="8" y="6" width="264" height="128" fill="#000"/><path transform="translate(12 6) scale(${scale})" d="${path}" fill="#bfe8ff"/>${lights.join("")}</g>`;
}

/** On and off as `ledLit` has it, in steps of 20 ms over two rounds of the slowest rhythm. */
function light(pattern: LedPattern, colour: string): string {
  const steps = Array.from({ length: 300 }, (_, step) => (ledLit(pattern, step * 20) ? 1 : 0.12));
  if (new Set(steps).size === 1) return `fill="${colour}" fill-opacity="${steps[0]}"/>`;
  const changes = steps.flatMap((value, step) => (step === 0 || value !== steps[step - 1] ? [step] : []));
  const times = changes.map((step) => (step / steps.length).toFixed(4)).join(";");
  const values = changes.map((step) => steps[step]).join(";");
  return `fill="${colour}" fill-opacity="${Math.max(...steps)}"><animate attributeName="fill-opacity" calcMode="discrete" dur="6s" repeatCount="indefinite" keyTimes="${times}" values="${values}"/></circle>`;
}
