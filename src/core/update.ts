// What the display says of an update of the box itself, while nobody plays.

import { fitting, large, sentence, small } from "./display-lines.js";
import type { State } from "./state.js";
import { never, type Step, step } from "./step.js";
import type { DisplayLine } from "./view.js";

/** As the updater tells it; `version` is that of the new system. */
export type Update =
  | { readonly state: "checking" }
  | { readonly state: "writing"; readonly version: string; readonly percent: number }
  /** Until it is judged: before the restart and after it. */
  | { readonly state: "trying"; readonly version: string }
  /** Not taken. The reason is a sentence that says what to do. */
  | { readonly state: "refused"; readonly reason: string }
  /** Tried, and left again. */
  | { readonly state: "failed"; readonly reason: string }
  | { readonly state: "done"; readonly version: string };

/** Long enough to be seen by whoever has plugged a stick in. */
const endShowsMs = 120_000;
/** A slow card takes minutes from one word to the next. One that says nothing for longer has ended without a word. */
const nextWordMs = 20 * 60_000;
/** Below the headline. */
const smallLines = 6;

/** Null: there is nothing to say. */
export function updateTold(state: State, update: Update | null): Step {
  const next = { ...state, update };
  if (update === null) return step(next, { kind: "timer.clear", timer: "update" });
  return step(next, { kind: "timer.set", timer: "update", inMs: isOver(update) ? endShowsMs : nextWordMs });
}

function isOver({ state }: Update): boolean {
  return state === "refused" || state === "failed" || state === "done";
}

export function updateLines(update: Update): readonly DisplayLine[] {
  switch (update.state) {
    case "checking":
      return [large("UPDATE"), small("Looking at it")];
    case "writing":
      return [
        large("UPDATE"),
        small(update.version),
        small(`${update.percent} % written`),
        ...sentence("Then the box starts again by itself."),
      ];
    case "trying":
      return [
        large("UPDATE"),
        small(update.version),
        ...sentence("On trial, some minutes. Leave the plug in."),
      ];
    case "refused":
      return [large("NO UPDATE"), ...fitting(sentence(update.reason), smallLines)];
    case "failed":
      return [large("UPDATE FAILED"), ...fitting(sentence(update.reason), smallLines)];
    case "done":
      return [large("UPDATED"), small(update.version)];
    default:
      return never(update);
  }
}
