// A program for the terminal's tests: shows a view, tells of its keys on the display, ends in the way it is told.

import type { PanelView } from "../../src/core/view.js";
import { Terminal } from "../../src/panel/terminal.js";
import { figures, view } from "./model.js";

const [wayOut] = process.argv.slice(2);

const terminal = new Terminal({
  stdin: process.stdin,
  stdout: process.stdout,
  title: "A test",
  figures: () => figures,
  onQuit: quit,
  nowMs: () => 0,
});

let presses = "";
terminal.onEdge((button, down) => {
  if (down) return;
  presses += button === "connect" ? "c" : "m";
  const title: PanelView = { ...view, leds: { ...view.leds, link: presses === "cm" ? "off" : "on" } };
  terminal.show(title);
});
terminal.show(view);

function quit(): void {
  if (wayOut === "exit") process.exit(3);
  if (wayOut === "exception") throw new Error("on purpose");
  terminal.close();
}
