// The panel on GPIO pins: buttons in, LEDs out. A pin that is not to be had is told of once and done without.

import type { ButtonName } from "../../core/event.js";
import type { PanelView } from "../../core/view.js";
import type { Clock, Scheduler } from "../../lib/clock.js";
import type { Buttons, EdgeListener, Panel } from "../panel.js";
import { Button } from "./button.js";
import { type LedName, LedPainter } from "./led-painter.js";
import type { LineDriver, OutputLine } from "./lines.js";
import type { Board } from "./pinmap.js";
import { buttonStuck, pinLost, pinRefused } from "./trouble.js";

export interface GpioPanelOptions {
  readonly driver: LineDriver;
  readonly board: Board;
  readonly clock: Clock & Scheduler;
  /** One sentence on what is not all there, with what to do; may come at once. */
  readonly onTrouble: (sentence: string) => void;
}

export class GpioPanel implements Panel, Buttons {
  readonly #options: GpioPanelOptions;
  readonly #buttons: Button[] = [];
  readonly #outputs = new Map<LedName, OutputLine>();
  readonly #painter: LedPainter;
  /** Not one pin is to be had. */
  readonly isEmpty: boolean;
  #listener: EdgeListener = () => {};
  #closed = false;

  constructor(options: GpioPanelOptions) {
    this.#options = options;
    const { buttons, leds } = options.board;
    for (const name of ["connect", "mute"] as const) this.#openButton(name, buttons[name]);
    for (const name of ["link", "rec", "mute"] as const) this.#openLed(name, leds[name]);
    this.isEmpty = this.#buttons.length + this.#outputs.size === 0;
    const writers = [...this.#outputs.keys()].map(
      (name) => [name, (lit: boolean) => this.#light(name, lit)] as const,
    );
    this.#painter = new LedPainter(new Map(writers), options.clock);
    process.on("exit", this.close);
  }

  onEdge(listener: EdgeListener): void {
    this.#listener = listener;
  }

  show(view: PanelView): void {
    if (!this.#closed) this.#painter.show(view.leds);
  }

  /** LEDs dark, lines given back. Done by itself too when the process exits: a LED must not go on telling what was. */
  readonly close = (): void => {
    if (this.#closed) return;
    this.#closed = true;
    process.off("exit", this.close);
    this.#painter.close();
    for (const line of [...this.#buttons, ...this.#outputs.values()]) line.close();
  };

  #openButton(name: ButtonName, gpio: number | null): void {
    if (gpio === null) return;
    const { driver, board, clock, onTrouble } = this.#options;
    const part = `the ${name.toUpperCase()} button`;
    try {
      const button = new Button({
        driver,
        gpio,
        activeLow: board.pressed === "low",
        clock,
        onEdge: ({ down, atMs }) => this.#listener(name, down, atMs),
        onStuck: () => onTrouble(buttonStuck(part, gpio)),
        onLost: (error) => onTrouble(pinLost(part, gpio, error)),
      });
      this.#buttons.push(button);
    } catch (error) {
      onTrouble(pinRefused(part, gpio, error));
    }
  }

  #openLed(name: LedName, gpio: number | null): void {
    if (gpio === null) return;
    const { driver, board, onTrouble } = this.#options;
    try {
      this.#outputs.set(name, driver.openOutput(gpio, board.lit === "low"));
    } catch (error) {
      onTrouble(pinRefused(ledPart(name), gpio, error));
    }
  }

  #light(name: LedName, lit: boolean): void {
    try {
      this.#outputs.get(name)?.set(lit);
    } catch (error) {
      this.#outputs.delete(name);
      this.#options.onTrouble(pinLost(ledPart(name), this.#options.board.leds[name] ?? 0, error));
    }
  }
}

function ledPart(name: LedName): string {
  return `the ${name.toUpperCase()} LED`;
}
