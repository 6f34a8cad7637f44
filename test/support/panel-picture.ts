// Draws the fronts of boxes in well-known situations for the README: node dist/test/support/panel-picture.js FILE.svg

import { writeFile } from "node:fs/promises";
import type { State } from "../../src/core/state.js";
import { type PanelView, panelView } from "../../src/core/view.js";
import { hubView } from "../../src/hub/hub-view.js";
import { boxFront } from "./box-front.js";
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
const place = { width: 400, height: 178 };

function front([title, view]: readonly [string, PanelView], index: number): string {
  const left = (index % columns) * place.width;
  const top = Math.floor(index / columns) * place.height;
  return `<g transform="translate(${left} ${top})"><text x="16" y="22" class="title">${title}</text><g transform="translate(8 30)">${boxFront(view)}</g></g>`;
}

const [file = "panel.svg"] = process.argv.slice(2);
const rows = Math.ceil(fronts.length / columns);
await writeFile(
  file,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * place.width} ${rows * place.height}" font-family="sans-serif" font-size="13"><style>.title{fill:#555d68;font-weight:bold}</style>${fronts.map(front).join("")}</svg>\n`,
);
