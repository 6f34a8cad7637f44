// A hub's buttons: CONNECT held for two seconds starts or stops a recording, for eight switches the machine off.

import type { Effect } from "../core/effect.js";
import type { ButtonName, HoldTimer } from "../core/event.js";
import { buttonDown, buttonUp, type Felt, heldFor, type Meaning, type Touch } from "../core/gesture.js";
import type { Scheduler } from "../lib/clock.js";
import { NamedTimers } from "../lib/named-timers.js";

export interface HubButtonsOptions {
  readonly clock: Scheduler;
  readonly onRecord: () => void;
  readonly onPowerOff: () => void;
}

/** The same fingers as on a box that plays, and so the same times and the same answer to two buttons at once. */
export class HubButtons {
  readonly #options: HubButtonsOptions;
  readonly #timers: NamedTimers<HoldTimer>;
  #touch: Touch = { kind: "none" };

  constructor(options: HubButtonsOptions) {
    this.#options = options;
    this.#timers = new NamedTimers(options.clock, (timer) => this.#feel(heldFor(this.#touch, timer)));
  }

  /** `atMs` is the time of the edge. */
  edge(button: ButtonName, down: boolean, atMs: number): void {
    this.#feel(down ? buttonDown(this.#touch, button, atMs) : buttonUp(this.#touch, button, atMs));
  }

  close(): void {
    this.#timers.clearAll();
  }

  #feel({ touch, meanings, effects }: Felt): void {
    this.#touch = touch;
    for (const effect of effects) this.#time(effect);
    for (const meaning of meanings) this.#act(meaning);
  }

  #time(effect: Effect): void {
    if (effect.kind === "timer.set") this.#timers.set(effect.timer as HoldTimer, effect.inMs);
    if (effect.kind === "timer.clear") this.#timers.clear(effect.timer as HoldTimer);
  }

  /** A hub plays nowhere and has no microphone: what a box means by the rest is nothing here. */
  #act(meaning: Meaning): void {
    if (meaning === "choose-next") this.#options.onRecord();
    if (meaning === "shut-down") this.#options.onPowerOff();
  }
}
