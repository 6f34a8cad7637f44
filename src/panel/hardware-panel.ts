// The front of a real box: buttons and LEDs on GPIO pins, a display on I2C. What is missing is told of, done without, and looked
// for again: while a machine starts, its pins may be there, and this user's, only after us.

import type { Levels } from "../audio/engine.js";
import type { PanelView } from "../core/view.js";
import type { Cancel, Clock, Scheduler } from "../lib/clock.js";
import type { NativeGpio } from "../lib/native-gpio.js";
import { BackOff } from "./back-off.js";
import type { GpioPanel } from "./gpio/gpio-panel.js";
import { openGpio } from "./gpio/open-gpio.js";
import type { GpioMode } from "./gpio/pick-driver.js";
import type { BoardName } from "./gpio/pinmap.js";
import type { DisplayType } from "./oled/link.js";
import type { Oled } from "./oled/oled.js";
import type { Buttons, EdgeListener, Panel } from "./panel.js";

export interface HardwarePanelOptions {
  readonly gpio: GpioMode | "off";
  readonly board: BoardName;
  readonly display: DisplayType | "off";
  /** N of /dev/i2c-N. */
  readonly bus: number;
  /** 7 bits. */
  readonly address: number;
  /** The addon, where the GPIO character device needs it. */
  readonly native: () => NativeGpio;
  readonly clock: Clock & Scheduler;
  /** What the display draws as meters; null: none now. */
  readonly levels: () => Levels | null;
  /** One sentence on what is not all there, with what to do. */
  readonly onTrouble: (sentence: string) => void;
  /** Pins or a display were found, or are back. */
  readonly onFound: (sentence: string) => void;
}

export class HardwarePanel implements Panel, Buttons {
  #gpio: GpioPanel | null = null;
  #gpioTroubles: string[] = [];
  readonly #gpioBackOff = new BackOff();
  #gpioRetry: Cancel = () => {};
  #edges: EdgeListener = () => {};
  #oled: Oled | null = null;
  #oledTrouble: string | null = null;
  #view: PanelView | null = null;
  #closed = false;
  readonly #opening: Promise<void>;

  constructor(options: HardwarePanelOptions) {
    if (options.gpio !== "off") this.#openGpio(options, true);
    this.#opening = this.#openOled(options);
  }

  /** What is not all there now, one sentence each. */
  get troubles(): readonly string[] {
    const display = this.#oledTrouble ?? this.#oled?.trouble ?? null;
    return display === null ? this.#gpioTroubles : [...this.#gpioTroubles, display];
  }

  onEdge(listener: EdgeListener): void {
    this.#edges = listener;
    this.#gpio?.onEdge(listener);
  }

  show(view: PanelView): void {
    this.#view = view;
    this.#gpio?.show(view);
    this.#oled?.show(view);
  }

  /** Resolves when LEDs and display are dark; with `leavePicture` the display goes on saying what it says. */
  async close(leavePicture = false): Promise<void> {
    this.#closed = true;
    this.#gpioRetry();
    this.#gpio?.close();
    await this.#opening;
    await this.#oled?.close(leavePicture);
  }

  /** All the pins, or those that are to be had; where there is none, again after a while. */
  #openGpio(options: HardwarePanelOptions, isFirst: boolean): void {
    const tell = (sentence: string) => {
      this.#gpioTroubles.push(sentence);
      options.onTrouble(sentence);
    };
    const refusals: string[] = [];
    let isOpening = true;
    const gpio = openGpio({
      ...options,
      mode: options.gpio,
      onTrouble: (sentence) => (isOpening ? refusals.push(sentence) : tell(sentence)),
    });
    isOpening = false;
    if (gpio === null || gpio.isEmpty) {
      gpio?.close();
      if (isFirst) refusals.forEach(tell);
      const { clock } = options;
      const delayMs = this.#gpioBackOff.failed(clock.nowMs());
      this.#gpioRetry = clock.after(delayMs, () => this.#openGpio(options, false));
      return;
    }
    if (!isFirst) options.onFound("buttons and LEDs are there now");
    this.#gpioTroubles = [];
    refusals.forEach(tell);
    this.#gpio = gpio;
    gpio.onEdge(this.#edges);
    if (this.#view) gpio.show(this.#view);
  }

  async #openOled({ display, onTrouble, ...options }: HardwarePanelOptions): Promise<void> {
    if (display === "off") return;
    try {
      // Loaded only here, since the native part of i2c-bus may be missing where there is no I2C.
      const { Oled } = await import("./oled/oled.js");
      if (this.#closed) return;
      this.#oled = new Oled({ ...options, display, onTrouble });
      if (this.#view) this.#oled.show(this.#view);
    } catch (error) {
      this.#oledTrouble = `the display cannot be used (${(error as Error).message}): build i2c-bus, or set [panel] display = "off"`;
      onTrouble(this.#oledTrouble);
    }
  }
}
