// Paints LEDs from the view: a write where a light changes, and one timer for the next change of all.

import type { LedPattern, Leds } from "../../core/view.js";
import type { Cancel, Clock, Scheduler } from "../../lib/clock.js";
import { ledLit, nextChangeMs } from "../led.js";

export type LedName = keyof Leds;

/** The LEDs that are there; each is dark to begin with. */
export type LedWriters = ReadonlyMap<LedName, (lit: boolean) => void>;

/** A rhythm begins, lit, when it is first asked for: whoever has pressed a button must not wait for the clock to come round. */
interface Rhythm {
  readonly pattern: LedPattern;
  readonly sinceMs: number;
}

export class LedPainter {
  readonly #lit = new Map<LedName, boolean>();
  readonly #rhythms = new Map<LedName, Rhythm>();
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
    let next = Number.POSITIVE_INFINITY;
    for (const name of this.#writers.keys()) {
      const pattern = leds[name];
      if (this.#rhythms.get(name)?.pattern !== pattern) this.#rhythms.set(name, { pattern, sinceMs: nowMs });
      const passedMs = nowMs - (this.#rhythms.get(name)?.sinceMs ?? nowMs);
      this.#paint(name, ledLit(pattern, passedMs));
      next = Math.min(next, nextChangeMs(pattern, passedMs));
    }
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
