// GPIO lines without a kernel: the test moves contacts, refuses pins, and sees what was written.

import type { InputListener, LineDriver } from "../../../src/panel/gpio/lines.js";
import type { ManualClock } from "../../support/manual-clock.js";

interface FakeInput {
  readonly listener: InputListener;
  active: boolean;
  waiting: { readonly active: boolean; readonly atMs: number }[];
}

export class FakeLines implements LineDriver {
  /** GPIOs that are not to be had, with the code that says why. */
  readonly refused = new Map<number, string>();
  /** GPIOs of buttons that are down before they are opened. */
  readonly downAtStart = new Set<number>();
  /** Levels of the outputs that are open, by GPIO. */
  readonly lit = new Map<number, boolean>();
  writes = 0;
  readonly #inputs = new Map<number, FakeInput>();

  constructor(
    readonly clock: ManualClock,
    /** As the character device, which keeps each change; else as sysfs, where only the latest level is there to read. */
    readonly tellsAll: boolean,
  ) {}

  get openLines(): number {
    return this.#inputs.size + this.lit.size;
  }

  openInput(gpio: number, _activeLow: boolean, listener: InputListener) {
    this.#refuse(gpio);
    const input: FakeInput = { listener, active: this.downAtStart.has(gpio), waiting: [] };
    this.#inputs.set(gpio, input);
    return {
      isActive: () => input.active,
      catchUp: () => this.#tell(input),
      close: () => void this.#inputs.delete(gpio),
    };
  }

  openOutput(gpio: number) {
    this.#refuse(gpio);
    this.lit.set(gpio, false);
    return {
      set: (active: boolean) => {
        this.#refuse(gpio);
        this.writes++;
        this.lit.set(gpio, active);
      },
      close: () => void this.lit.delete(gpio),
    };
  }

  /** The contact moves, and the main loop hears of it at once. */
  move(gpio: number, active: boolean): void {
    this.moveUnheard(gpio, active);
    this.hear(gpio);
  }

  /** The contact moves while the main loop is busy. */
  moveUnheard(gpio: number, active: boolean): void {
    const input = this.#input(gpio);
    if (input.active === active) return;
    input.active = active;
    input.waiting.push({ active, atMs: this.clock.nowMs() });
  }

  /** The main loop gets round to the line. */
  hear(gpio: number): void {
    this.#tell(this.#input(gpio));
  }

  /** The chip is gone. */
  lose(gpio: number, error: Error): void {
    this.#input(gpio).listener.lost(error);
  }

  #tell(input: FakeInput): void {
    const changes = this.tellsAll ? input.waiting : [{ active: input.active, atMs: this.clock.nowMs() }];
    input.waiting = [];
    for (const { active, atMs } of changes) input.listener.changed(active, atMs);
  }

  #input(gpio: number): FakeInput {
    const input = this.#inputs.get(gpio);
    if (!input) throw new Error(`GPIO ${gpio} is not open`);
    return input;
  }

  #refuse(gpio: number): void {
    const code = this.refused.get(gpio);
    if (code !== undefined) throw Object.assign(new Error(code), { code });
  }
}
