// The sound card as the box sees it. No session waits for it: without a card a timer paces the engine.

import { isDeepStrictEqual } from "node:util";
import type { Card, CardFailure } from "../audio/engine.js";
import { timingFailed, timingOpened, timingText } from "./card-timing.js";
import type { State } from "./state.js";
import { type Step, step } from "./step.js";

/** A card must be back within 2 s of coming back, and takes its time to open; looking twice a second costs nothing. */
const cardRetryMs = 500;

export function cardOpened(before: State, card: Card): Step {
  const { timing: settled, effects } = timingOpened(before.timing, card);
  const state: State = { ...before, engine: { kind: "running", card }, timing: settled };
  const { capture, playback, captureChannels, playbackChannels, sampleFormat, linked, mmap } = card;
  const names = capture === playback ? capture : `${capture} and ${playback}`;
  const timing = `${card.periods} periods of ${card.periodFrames} frames`;
  const layout = `${captureChannels} in, ${playbackChannels} out, ${sampleFormat}`;
  const access = `${mmap ? "mmap" : "read and write"}, ${linked ? "linked" : "not linked"}`;
  const note = conversionText(card);
  const text = `sound card ${names}: ${timing}, ${layout}, ${access}${note ? `. ${note}` : ""}`;
  return step(state, { kind: "log", level: "info", text }, ...effects);
}

/** The card could not be had, or was lost. Said once: as long as there is the same to be done, it is no news. */
export function cardFailed(state: State, failure: CardFailure): Step {
  const failed: State = {
    ...state,
    engine: { kind: "failed", failure },
    timing: timingFailed(state.timing),
  };
  const retry = { kind: "timer.set", timer: "card-retry", inMs: cardRetryMs } as const;
  const before = state.engine.kind === "failed" ? state.engine.failure : null;
  if (before && isDeepStrictEqual(before, failure)) return step(state, retry);
  if (before && asksForTheSame(before, failure)) return step(failed, retry);
  return step(failed, retry, { kind: "log", level: "warn", text: `no sound card: ${failureText(failure)}` });
}

/** Stays `failed` until the card answers, so that neither LED nor log flickers. */
export function cardRetry(state: State): Step {
  return state.engine.kind === "failed"
    ? step(state, { kind: "card.open", timing: state.timing.asked })
    : step(state);
}

/** What there is to know of a card that runs; null: nothing. */
export function cardNote(state: State, card: Card): string | null {
  const notes = [conversionText(card), timingText(state, card)].filter((note) => note !== null);
  return notes.length > 0 ? notes.join(" ") : null;
}

/** What the card cannot do, so that ALSA must; null where it can. */
export function conversionText({ converted }: Card): string | null {
  switch (converted) {
    case null:
      return null;
    case "rate":
      return "The card cannot run at 48 kHz: ALSA converts, which adds delay. Use a 48 kHz card.";
    case "format":
      return "The card has an unusual sample format: ALSA converts.";
    case "layout":
      return "The card has an unusual layout: ALSA converts.";
  }
}

/** One line: which device, which call, how it failed, what to do. */
export function failureText(failure: CardFailure): string {
  const { device, call, code, message } = failure;
  return `${device}: ${call}: ${code}: ${message}. ${remedy(failure)}`;
}

/** What a person can do about it. */
export function remedy(failure: CardFailure): string {
  switch (failure.code) {
    case "ESTRPIPE":
      return "It sleeps, and comes back by itself when the machine wakes.";
    case "EBUSY":
      return "Close the program that uses it.";
    case "ENOENT":
    case "ENODEV":
    case "ENXIO":
      return "Plug it in, or check its name.";
    case "EACCES":
    case "EPERM":
      return "Add the box's user to group audio.";
    default:
      return "Plug it out and in again.";
  }
}

/** A card that is gone fails first in one call and then, sought again, in others. */
function asksForTheSame(one: CardFailure, other: CardFailure): boolean {
  return one.device === other.device && remedy(one) === remedy(other);
}
