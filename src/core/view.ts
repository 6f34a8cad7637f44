// What the box shows: every LED, display line and status field is drawn from this one view of the state.

/** `off`, `on`, or the name of a blink pattern; the phase comes from the clock when it is painted. */
export type LedPattern = "off" | "on" | "slow-blink" | "double-blink" | "fast-blink" | "short-flash";

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
