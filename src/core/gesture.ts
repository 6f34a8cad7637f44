// How the edges of two buttons become gestures: a press acts when it is let go, a hold while it is still held.

import type { Effect } from "./effect.js";
import type { ButtonName, HoldTimer } from "./event.js";

/** How long a button has been down, in the steps that mean something. */
export type Length = "press" | "hold" | "long-hold";

export type Meaning =
  | "join-or-leave"
  | "choose-next"
  /** CONNECT let go after it chose a server. */
  | "go-to-chosen"
  | "shut-down"
  | "mute-or-acknowledge"
  | "turn-page";

/** The fingers on the buttons. */
export type Touch =
  | { readonly kind: "none" }
  /** `reached`: what this gesture has already acted as; a press acts only when it is over. */
  | {
      readonly kind: "one";
      readonly button: ButtonName;
      readonly sinceMs: number;
      readonly reached: Length;
    }
  /** Both were down at once: neither counts until both are up. */
  | { readonly kind: "spoilt"; readonly down: readonly ButtonName[] };

/** What an edge or a hold's time has come to. */
export interface Felt {
  readonly touch: Touch;
  readonly meanings: readonly Meaning[];
  readonly effects: readonly Effect[];
}

/** From here on a press is a hold, and a hold a long one, in ms. */
const holdMs: Record<HoldTimer, number> = { hold: 2000, "long-hold": 8000 };

const meanings: Record<ButtonName, Partial<Record<Length, Meaning>>> = {
  connect: { press: "join-or-leave", hold: "choose-next", "long-hold": "shut-down" },
  mute: { press: "mute-or-acknowledge", hold: "turn-page" },
};

export function buttonDown(touch: Touch, button: ButtonName, atMs: number): Felt {
  switch (touch.kind) {
    case "none": {
      const effects = holds(button).map(
        (timer): Effect => ({ kind: "timer.set", timer, inMs: holdMs[timer] }),
      );
      return { touch: { kind: "one", button, sinceMs: atMs, reached: "press" }, meanings: [], effects };
    }
    case "one":
      if (touch.button === button) return unchanged(touch);
      return {
        touch: { kind: "spoilt", down: [touch.button, button] },
        meanings: [],
        effects: timersOff(touch.button),
      };
    case "spoilt":
      if (touch.down.includes(button)) return unchanged(touch);
      return { touch: { kind: "spoilt", down: [...touch.down, button] }, meanings: [], effects: [] };
  }
}

export function buttonUp(touch: Touch, button: ButtonName, atMs: number): Felt {
  switch (touch.kind) {
    case "none":
      return unchanged(touch);
    case "one": {
      if (touch.button !== button) return unchanged(touch);
      const length = lengthOf(touch, atMs);
      const meaning = meanings[button][length];
      const isNew = length === "press" || length !== touch.reached;
      return {
        touch: { kind: "none" },
        meanings: [
          ...(isNew && meaning ? [meaning] : []),
          ...(meanings[button][length] === "choose-next" ? (["go-to-chosen"] as const) : []),
        ],
        effects: timersOff(button),
      };
    }
    case "spoilt": {
      if (!touch.down.includes(button)) return unchanged(touch);
      const down = touch.down.filter((other) => other !== button);
      return {
        touch: down.length > 0 ? { kind: "spoilt", down } : { kind: "none" },
        meanings: [],
        effects: [],
      };
    }
  }
}

/** The time of a hold is up. */
export function heldFor(touch: Touch, timer: HoldTimer): Felt {
  if (touch.kind !== "one") return unchanged(touch);
  const meaning = meanings[touch.button][timer];
  if (!meaning || touch.reached === timer || touch.reached === "long-hold") return unchanged(touch);
  return { touch: { ...touch, reached: timer }, meanings: [meaning], effects: [] };
}

/** By the times of the edges: on a busy machine a button may be let go before its timer was heard. */
function lengthOf({ button, sinceMs, reached }: Extract<Touch, { kind: "one" }>, atMs: number): Length {
  const passed = holds(button).findLast((timer) => atMs - sinceMs >= holdMs[timer]);
  if (reached === "long-hold" || passed === undefined) return reached;
  return passed;
}

function holds(button: ButtonName): HoldTimer[] {
  return (["hold", "long-hold"] as const).filter((timer) => meanings[button][timer]);
}

function timersOff(button: ButtonName): Effect[] {
  return holds(button).map((timer) => ({ kind: "timer.clear", timer }));
}

function unchanged(touch: Touch): Felt {
  return { touch, meanings: [], effects: [] };
}
