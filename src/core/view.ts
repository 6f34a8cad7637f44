// What the box shows. LEDs, display, page and socket all draw this one view of the state, so they never differ.

import { displayOf } from "./display.js";
import { ledsOf } from "./leds.js";
import type { State } from "./state.js";

/** `off`, `on`, or the name of a blink pattern; the phase comes from the clock when it is painted. */
export type LedPattern =
  | "off"
  | "on"
  | "slow-blink"
  | "double-blink"
  | "triple-blink"
  | "fast-blink"
  | "short-flash";

export interface Leds {
  readonly link: LedPattern;
  readonly rec: LedPattern;
  readonly mute: LedPattern;
}

/** One line of the 128 x 64 display. Large letters are 16 pixels high, small ones 8; heights add up to 64 at most. */
export interface DisplayLine {
  readonly text: string;
  readonly size: "large" | "small";
}

export interface PanelView {
  readonly leds: Leds;
  readonly display: readonly DisplayLine[];
}

export function panelView(state: State): PanelView {
  return { leds: ledsOf(state), display: displayOf(state) };
}
