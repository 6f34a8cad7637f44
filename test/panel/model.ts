// A box in mid-session, as the panel's tests draw it.

import type { PanelView } from "../../src/core/view.js";
import type { Figures } from "../../src/panel/figures.js";
import type { TerminalModel } from "../../src/panel/terminal-picture.js";

export const view: PanelView = {
  leds: { link: "on", rec: "short-flash", mute: "off" },
  display: [
    { text: "Playing", size: "large" },
    { text: "REC ?", size: "large" },
    { text: "3 musicians, 23 ms", size: "small" },
    { text: "Zoë, Jürgen, François", size: "small" },
    { text: "not encrypted", size: "small" },
  ],
};

export const figures: Figures = {
  connection: "connected",
  musicians: ["Zoë", "Jürgen", "François"],
  delayMs: 23.4,
  pingMs: null,
  jitterBlocks: 4,
  concealed: 0,
  lost: 1,
  xruns: 2,
  levels: { capture: [-12.5, -30], playback: [-3, -120] },
};

export const model: TerminalModel = {
  title: "Plugjam demo",
  view,
  figures,
  meters: {
    capture: figures.levels.capture.map(reading),
    playback: figures.levels.playback.map(reading),
  },
  nowMs: 30,
};

function reading(db: number) {
  return { db, peakDb: db, peakAtMs: 0, atMs: 0 };
}
