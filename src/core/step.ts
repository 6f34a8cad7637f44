// What a transition gives back: the next state, and what the outside world is asked to do.

import type { Effect } from "./effect.js";
import type { State } from "./state.js";

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export function step(state: State, ...effects: readonly Effect[]): Step {
  return { state, effects };
}

/** Makes the compiler prove that a switch names every case. */
export function never(value: never): never {
  throw new Error(`not a known case: ${JSON.stringify(value)}`);
}
