// The demo's panel: in the terminal where there is one, else a line of text a second.

import type { ReadStream, WriteStream } from "node:tty";
import { systemClock } from "../lib/clock.js";
import type { Figures } from "../panel/figures.js";
import type { Buttons, Panel } from "../panel/panel.js";
import { PlainPanel } from "../panel/plain-panel.js";
import { Terminal } from "../panel/terminal.js";

export interface DemoPanelOptions {
  readonly title: string;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly figures: () => Figures;
  readonly onQuit: () => void;
}

export interface DemoPanel {
  readonly display: Panel;
  /** Left out where there are no keys. */
  readonly buttons?: Buttons;
}

export function openDemoPanel(options: DemoPanelOptions): DemoPanel {
  const { stdin, stdout, figures } = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    return { display: new PlainPanel((line) => stdout.write(line), figures) };
  }
  const terminal = new Terminal({ ...options, nowMs: () => systemClock.nowMs() });
  return { display: terminal, buttons: terminal };
}
