// The loop: take an event, transition, run the effects, show the view where it changed.

import { isDeepStrictEqual } from "node:util";
import type { Effect } from "./core/effect.js";
import type { Event } from "./core/event.js";
import type { State } from "./core/state.js";
import { transition } from "./core/transition.js";
import { type PanelView, panelView } from "./core/view.js";

/** One handler for each kind of effect: a missing one does not compile. */
export type Handlers = {
  readonly [K in Effect["kind"]]: (effect: Extract<Effect, { readonly kind: K }>) => void;
};

/** Whatever shows the front of the box. */
export interface Display {
  show(view: PanelView): void;
}

export class Controller {
  private current: State;
  private view: PanelView;
  private working = false;
  private readonly queue: Event[] = [];
  private readonly displays = new Set<Display>();
  private readonly listeners = new Set<() => void>();

  constructor(
    initial: State,
    private readonly handlers: Handlers,
  ) {
    this.current = initial;
    this.view = panelView(initial);
  }

  get state(): State {
    return this.current;
  }

  /** An event that comes while another is at work, from an effect say, waits for its turn. */
  dispatch(event: Event): void {
    this.queue.push(event);
    if (this.working) return;
    const before = this.current;
    this.working = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.take(next);
    } finally {
      this.working = false;
    }
    if (this.current === before) return;
    this.show();
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener` after each change of the state; gives what ends that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Shows the view there from now on; gives what ends that. */
  attach(display: Display): () => void {
    this.displays.add(display);
    display.show(this.view);
    return () => this.displays.delete(display);
  }

  private take(event: Event): void {
    const { state, effects } = transition(this.current, event);
    this.current = state;
    for (const effect of effects) this.run(effect);
  }

  private run(effect: Effect): void {
    // The mapped type pairs each kind with its handler; the compiler cannot follow that through an index.
    const handler = this.handlers[effect.kind] as (effect: Effect) => void;
    handler(effect);
  }

  private show(): void {
    const view = panelView(this.current);
    if (isDeepStrictEqual(view, this.view)) return;
    this.view = view;
    for (const display of this.displays) display.show(view);
  }
}
