// What a press means. One function, so that the README's list of gestures has one place in the code.

import type { ButtonName } from "./event.js";

export type Meaning = "join-or-leave" | "mute-or-acknowledge" | "none";

/** From here on a press is a hold, in ms. */
const holdMs = 2000;

/** @param heldMs how long the button was down, in ms */
export function meaningOf(button: ButtonName, heldMs: number): Meaning {
  if (heldMs >= holdMs) return "none";
  return button === "connect" ? "join-or-leave" : "mute-or-acknowledge";
}
