// The language of the three LEDs; it works without colour.

import { inSession, openQuestion } from "./consent.js";
import { isMuted } from "./mute.js";
import { recordingNow } from "./privacy.js";
import type { State } from "./state.js";
import { never } from "./step.js";
import type { LedPattern, Leds } from "./view.js";

export function ledsOf(state: State): Leds {
  return { link: link(state), rec: rec(state), mute: mute(state) };
}

/**
 * Off, slow blink joining, on, double blink until the next attempt. No sound card beats them: nobody hears anything.
 * What the hand on CONNECT just did beats all, for a second.
 */
function link(state: State): LedPattern {
  const { connection } = state;
  if (state.stopping !== "no") return "off";
  if (state.confirming) return "triple-blink";
  if (state.engine.kind === "failed") return "fast-blink";
  switch (connection.kind) {
    case "idle":
      return "off";
    case "leaving":
      return state.wanted ? "slow-blink" : "off";
    case "connecting":
      return "slow-blink";
    case "connected":
      return "on";
    case "waiting":
      return "double-blink";
    default:
      return never(connection);
  }
}

/** On: recording. Off: the server says that it is not, or there is none. A short flash: nobody told us. */
function rec(state: State): LedPattern {
  if (!inSession(state)) return "off";
  const recording = recordingNow(state);
  switch (recording) {
    case "yes":
      return "on";
    case "no":
      return "off";
    case "unknown":
      return "short-flash";
    default:
      return never(recording);
  }
}

/** On: nothing you play leaves the box. Slow blink: nor will it, until you answer. */
function mute(state: State): LedPattern {
  if (openQuestion(state)) return "slow-blink";
  return isMuted(state.muted) ? "on" : "off";
}
