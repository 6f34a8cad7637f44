// The panel in a terminal: draws itself from the clock, turns keys into presses, leaves the terminal as it was.

import { emitKeypressEvents, type Key } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import type { ButtonName } from "../core/event.js";
import type { PanelView } from "../core/view.js";
import type { Figures } from "./figures.js";
import { type MeterReading, nextReading } from "./meter.js";
import type { ColourDepth } from "./paint.js";
import type { Buttons, EdgeListener, Panel } from "./panel.js";
import { redraw } from "./redraw.js";
import { renderTerminal } from "./terminal-picture.js";

/** Short enough to catch the shortest flash of a LED. */
const frameMs = 50;
/** Alternate screen, no cursor, no wrapping: a letter wider than we thought can't push the picture down. */
const enterSequence = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
const leaveSequence = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";

export interface TerminalOptions {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly title: string;
  /** Asked once a frame. */
  readonly figures: () => Figures;
  /** Q or Ctrl-C. */
  readonly onQuit: () => void;
  /** CLOCK_MONOTONIC in ms. */
  readonly nowMs: () => number;
}

export class Terminal implements Panel, Buttons {
  private view: PanelView | null = null;
  private listener: EdgeListener = () => {};
  private shown: readonly string[] = [];
  private meters: { capture: MeterReading[]; playback: MeterReading[] } = { capture: [], playback: [] };
  private readonly colour: ColourDepth;
  private readonly timer: NodeJS.Timeout;
  private closed = false;

  constructor(private readonly options: TerminalOptions) {
    const { stdin, stdout } = options;
    this.colour = colourDepth(stdout);
    process.on("exit", this.close);
    process.on("SIGCONT", this.enter);
    stdout.on("resize", this.enter);
    emitKeypressEvents(stdin);
    stdin.on("keypress", this.onKey);
    stdin.resume();
    this.enter();
    this.timer = setInterval(() => this.draw(), frameMs);
  }

  show(view: PanelView): void {
    this.view = view;
    this.draw();
  }

  onEdge(listener: EdgeListener): void {
    this.listener = listener;
  }

  /** Gives the terminal back as it was. Done by itself too when the process exits, also of an exception. */
  readonly close = (): void => {
    if (this.closed) return;
    this.closed = true;
    const { stdin, stdout } = this.options;
    clearInterval(this.timer);
    process.off("exit", this.close);
    process.off("SIGCONT", this.enter);
    stdout.off("resize", this.enter);
    stdin.off("keypress", this.onKey);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(leaveSequence);
  };

  private readonly enter = (): void => {
    this.options.stdin.setRawMode(true);
    this.options.stdout.write(enterSequence);
    this.shown = [];
    this.draw();
  };

  private readonly onKey = (_text: string | undefined, key: Key): void => {
    if (key.name === "q" || (key.ctrl && key.name === "c")) this.options.onQuit();
    else if (key.ctrl || key.meta) return;
    else if (key.name === "c") this.press("connect");
    else if (key.name === "m") this.press("mute");
  };

  /** A terminal does not tell when a key is let go. */
  private press(button: ButtonName): void {
    const now = this.options.nowMs();
    this.listener(button, true, now);
    this.listener(button, false, now);
  }

  private draw(): void {
    if (this.closed || this.view === null) return;
    const { title, nowMs, figures: ask, stdout } = this.options;
    const now = nowMs();
    const figures = ask();
    this.meters = {
      capture: figures.levels.capture.map((db, side) => nextReading(this.meters.capture[side], db, now)),
      playback: figures.levels.playback.map((db, side) => nextReading(this.meters.playback[side], db, now)),
    };
    const model = { title, view: this.view, figures, meters: this.meters, nowMs: now };
    const lines = renderTerminal(model, stdout.columns, this.colour).slice(0, stdout.rows);
    const output = redraw(this.shown, lines);
    if (output !== "") stdout.write(output);
    this.shown = lines;
  }
}

/** Node knows NO_COLOR, COLORTERM and TERM. */
function colourDepth(stdout: WriteStream): ColourDepth {
  const depth = stdout.getColorDepth();
  return depth === 4 || depth === 8 || depth === 24 ? depth : 1;
}
