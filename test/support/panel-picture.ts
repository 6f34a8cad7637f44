// Draws the fronts of boxes in well-known situations for the README: node dist/test/support/panel-picture.js FILE.svg

import { writeFile } from "node:fs/promises";
import type { State } from "../../src/core/state.js";
import { type LedPattern, type PanelView, panelView } from "../../src/core/view.js";
import { hubView } from "../../src/hub/hub-view.js";
import { ledLit } from "../../src/panel/led.js";
import { displayHeight, displayWidth } from "../../src/panel/pixels.js";
import { drawScreen } from "../../src/panel/screen.js";
import {
  connected,
  connecting,
  down,
  fired,
  type Happening,
  idle,
  play,
  pressMute,
  recording,
  up,
  waiting,
} from "./box-state.js";

const company: readonly Happening[] = [
  {
    kind: "session.clients",
    clients: [
      { id: 1, name: "Ann", instrument: "Flute", city: "Ulm" },
      { id: 2, name: "Ben", instrument: "Drum Set", city: "" },
      { id: 3, name: "Room 12", instrument: "", city: "" },
    ],
  },
  { kind: "session.delay", pingMs: 20, delayMs: 34.6 },
  { kind: "session.heard", heard: true },
];
const playing = (...news: readonly Happening[]): State =>
  play(connected("mute-until-ack"), ...company, ...news).state;
const hold = (button: "connect" | "mute"): Happening[] => [down(button), fired("hold"), up(button)];

const fronts: readonly (readonly [string, PanelView])[] = [
  ["Ready", panelView(idle())],
  ["Joining", panelView(connecting())],
  ["Playing, nobody said whether it is recorded", panelView(playing())],
  ["Playing, the server says it does not record", panelView(playing(recording("no")))],
  ["Recording began: silent until you agree", panelView(playing(recording("yes")))],
  ["You agreed: playing, recorded", panelView(playing(recording("yes"), ...pressMute))],
  ["Muted by yourself", panelView(playing(recording("no"), ...pressMute))],
  ["Waiting for a full server", panelView(waiting())],
  ["The privacy page", panelView(playing(recording("no"), ...hold("mute")))],
  [
    "A hub that records",
    hubView({
      state: "up",
      trouble: null,
      name: "School",
      port: 22124,
      recording: "on",
      writing: true,
      recorderTrouble: null,
      clients: [{ name: "Room 1" }, { name: "Room 12" }],
    }),
  ],
];

const columns = 2;
const scale = 2;
const box = { width: 400, height: 178 };
const led = { link: "#59d36b", rec: "#ff5a4f", mute: "#f4b942" } as const;

/** On and off as `ledLit` has it, in steps of 20 ms over two rounds of the slowest rhythm. */
function light(pattern: LedPattern, colour: string): string {
  const steps = Array.from({ length: 300 }, (_, step) => (ledLit(pattern, step * 20) ? 1 : 0.12));
  if (new Set(steps).size === 1) return `fill="${colour}" fill-opacity="${steps[0]}"/>`;
  const changes = steps.flatMap((value, step) => (step === 0 || value !== steps[step - 1] ? [step] : []));
  const times = changes.map((step) => (step / steps.length).toFixed(4)).join(";");
  const values = changes.map((step) => steps[step]).join(";");
  return `fill="${colour}" fill-opacity="${Math.max(...steps)}"><animate attributeName="fill-opacity" calcMode="discrete" dur="6s" repeatCount="indefinite" keyTimes="${times}" values="${values}"/></circle>`;
}

function front([title, view]: readonly [string, PanelView], index: number): string {
  const left = (index % columns) * box.width;
  const top = Math.floor(index / columns) * box.height;
  const pixels = drawScreen(view.display);
  let path = "";
  for (let y = 0; y < displayHeight; y++) {
    for (let x = 0; x < displayWidth; x++) {
      const from = x;
      while (pixels.get(x, y)) x++;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
    }
  }
  const leds = (["link", "rec", "mute"] as const).map((name, at) => {
    const y = 52 + at * 44;
    return `<text x="318" y="${y + 4}">${name.toUpperCase()}</text><circle cx="300" cy="${y}" r="8" ${light(view.leds[name], led[name])}`;
  });
  return `<g transform="translate(${left} ${top})"><text x="16" y="22" class="title">${title}</text><rect x="8" y="30" width="384" height="140" rx="10" fill="#2b2f36"/><rect x="16" y="36" width="264" height="128" fill="#000"/><path transform="translate(20 36) scale(${scale})" d="${path}" fill="#bfe8ff"/>${leds.join("")}</g>`;
}

const [file = "panel.svg"] = process.argv.slice(2);
const rows = Math.ceil(fronts.length / columns);
await writeFile(
  file,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * box.width} ${rows * box.height}" font-family="sans-serif" font-size="13" fill="#ccd2da"><style>.title{fill:#555d68;font-weight:bold}</style>${fronts.map(front).join("")}</svg>\n`,
);
