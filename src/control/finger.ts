// Presses the box's buttons for programs: down, and up again after a while.

import type { ButtonName } from "../core/event.js";
import type { Cancel, Scheduler } from "../lib/clock.js";
import type { ControlledBox } from "./controlled-box.js";

export class Finger {
  readonly #box: ControlledBox;
  readonly #clock: Scheduler;
  readonly #pending = new Set<Cancel>();

  constructor(box: ControlledBox, clock: Scheduler) {
    this.#box = box;
    this.#clock = clock;
  }

  /** Resolves when the button is up again. */
  press(button: ButtonName, holdMs: number): Promise<void> {
    // Down first: a hold's own timer must be set before ours, or a hold of just its length would come out as a press.
    this.#box.dispatch({ kind: "button.down", button });
    if (holdMs === 0) {
      // At once: a busy machine may come to a timer so late that the press would be a hold.
      this.#box.dispatch({ kind: "button.up", button });
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = this.#clock.after(holdMs, () => {
        this.#pending.delete(cancel);
        this.#box.dispatch({ kind: "button.up", button });
        resolve();
      });
      this.#pending.add(cancel);
    });
  }

  /** Lets go of nothing any more: the box has ended. */
  stop(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
  }
}
