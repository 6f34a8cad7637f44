// One button on a GPIO line: its bounces are smoothed out, and one that is down at power-on is not listened to.

import type { Cancel, Clock, Scheduler } from "../../lib/clock.js";
import { Debouncer, type Edge, settleMs } from "./debouncer.js";
import type { InputLine, InputListener, LineDriver } from "./lines.js";

export interface ButtonOptions {
  readonly driver: LineDriver;
  readonly gpio: number;
  readonly activeLow: boolean;
  readonly clock: Clock & Scheduler;
  readonly onEdge: (edge: Edge) => void;
  /** It was down at power-on, and still is when its pull-up has had time. It says nothing until it has been let go once. */
  readonly onStuck: () => void;
  readonly onLost: (error: unknown) => void;
}

export class Button implements InputListener {
  readonly #options: ButtonOptions;
  readonly #line: InputLine;
  readonly #debouncer: Debouncer;
  #listening: boolean;
  #down = false;
  #lost = false;
  #cancel: Cancel = () => {};

  /** Throws what the system refuses. */
  constructor(options: ButtonOptions) {
    this.#options = options;
    this.#line = options.driver.openInput(options.gpio, options.activeLow, this);
    const down = this.#line.isActive();
    this.#debouncer = new Debouncer(down);
    this.#listening = !down;
    if (down) this.#cancel = options.clock.after(settleMs, () => this.#checkStuck());
  }

  changed(active: boolean, atMs: number): void {
    if (this.#options.driver.tellsAll) this.#tell(this.#debouncer.settle(atMs));
    this.#tell(this.#debouncer.see(active, atMs));
    this.#scheduleSettling();
  }

  /** A button that is lost while it is down counts as let go, or it would be held for ever. */
  lost(error: unknown): void {
    if (this.#lost) return;
    this.#cancel();
    if (this.#down) this.#pass({ down: false, atMs: this.#options.clock.nowMs() });
    this.#lost = true;
    this.#options.onLost(error);
  }

  close(): void {
    this.#cancel();
    this.#line.close();
  }

  #checkStuck(): void {
    this.#line.catchUp();
    if (!this.#listening && !this.#lost) this.#options.onStuck();
  }

  #tell(edge: Edge | null): void {
    if (edge === null || this.#lost) return;
    if (this.#listening) this.#pass(edge);
    else this.#listening = !edge.down;
  }

  #pass(edge: Edge): void {
    this.#down = edge.down;
    this.#options.onEdge(edge);
  }

  #scheduleSettling(): void {
    this.#cancel();
    const { dueMs } = this.#debouncer;
    if (dueMs === null || this.#lost) return;
    const { clock } = this.#options;
    this.#cancel = clock.after(dueMs - clock.nowMs(), () => {
      // A busy loop runs timers before it looks at files: what the line has come to in the meantime counts first.
      this.#line.catchUp();
      this.#tell(this.#debouncer.settle(clock.nowMs()));
      this.#scheduleSettling();
    });
  }
}
