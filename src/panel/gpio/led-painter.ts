// Paints LEDs from the view: a write where a light changes, and one timer for the next change of all.

import type { Leds } from "../../core/view.js";
import type { Cancel, Clock, Scheduler } from "../../lib/clock.js";
import { ledLit, nextChangeMs } from "../led.js";

export type LedName = keyof Leds;

/** The LEDs that are there; each is dark to begin with. */
export type LedWriters = ReadonlyMap<LedName, (lit: boolean) => void>;

export class LedPainter {
  readonly #lit = new Map<LedName, boolean>();
  readonly #writers: LedWriters;
  readonly #clock: Clock & Scheduler;
  #cancel: Cancel = () => {};

  constructor(writers: LedWriters, clock: Clock & Scheduler) {
    this.#writers = writers;
    this.#clock = clock;
  }

  show(leds: Leds): void {
    this.#cancel();
    const nowMs = this.#clock.nowMs();
    for (const name of this.#writers.keys()) this.#paint(name, ledLit(leds[name], nowMs));
    const changes = [...this.#writers.keys()].map((name) => nextChangeMs(leds[name], nowMs));
    const next = Math.min(...changes);
    if (next < Number.POSITIVE_INFINITY) this.#cancel = this.#clock.after(next, () => this.show(leds));
  }

  /** All LEDs dark, and no more painting. */
  close(): void {
    this.#cancel();
    for (const name of this.#writers.keys()) this.#paint(name, false);
  }

  #paint(name: LedName, lit: boolean): void {
    if ((this.#lit.get(name) ?? false) === lit) return;
    this.#lit.set(name, lit);
    this.#writers.get(name)?.(lit);
  }
}
