// How much sound the card is given at a time: the least that card and machine hold, more after trouble, and less again
// after a quiet hour. Time comes with the events.

import type { Card } from "../audio/engine.js";
import type { Effect } from "./effect.js";
import type { State } from "./state.js";
import { type Step, step } from "./step.js";

/** Frames between two wake-ups, and how many such periods the card holds. */
export interface Timing {
  readonly periodFrames: number;
  readonly periods: number;
}

/** What the configuration says. Where it names a period, nothing is tried. */
export interface TimingWish {
  readonly period: number | "auto";
  readonly periods: number;
}

export interface CardTiming {
  readonly automatic: boolean;
  /** As configured; there may be one more. */
  readonly periods: number;
  /** What the card was last asked for. */
  readonly asked: Timing;
  /** Asked, but not yet answered. */
  readonly opening: boolean;
  /** What the card was found to be unable to go below: frames in a period, and in all of them. */
  readonly least: { readonly periodFrames: number; readonly frames: number };
  readonly xrunAtMs: number | null;
  /** So long without an xrun, and less is tried. */
  readonly quietMs: number;
  /** Less is being tried: it has not been quiet for so long yet. */
  readonly onTrial: boolean;
}

const nothingKnown: CardTiming["least"] = { periodFrames: 0, frames: 0 };

const smallestFrames = 32;
const largestFrames = 256;
/** One xrun may be anybody's fault; a second one within this is the setting's. */
const troubleMs = 60_000;
const hourMs = 3_600_000;
/** Each time that less did not do, it is tried again after twice the time, up to this. */
const mostQuietMs = 24 * hourMs;
/** A card that is opened anew is a gap in the music: it waits as long as somebody may hear it, asking so often. */
const busyMs = 60_000;

export const defaultWish: TimingWish = { period: "auto", periods: 2 };

export function initialTiming({ period, periods }: TimingWish): CardTiming {
  return {
    automatic: period === "auto",
    periods,
    asked: { periodFrames: period === "auto" ? smallestFrames : period, periods },
    opening: false,
    least: nothingKnown,
    xrunAtMs: null,
    quietMs: hourMs,
    onTrial: false,
  };
}

/** The card cannot be had, or is gone: the next one may be another, and go below it. */
export function timingFailed(timing: CardTiming): CardTiming {
  return { ...timing, opening: false, least: nothingKnown };
}

/** The card tells what it made of what it was asked for. */
export function timingOpened(timing: CardTiming, card: Card): { timing: CardTiming; effects: Effect[] } {
  if (!timing.automatic) return { timing, effects: [] };
  const tooShort = card.periodFrames > timing.asked.periodFrames;
  const tooFew = frames(card) > frames(timing.asked);
  const settled: CardTiming = {
    ...timing,
    opening: false,
    least: {
      periodFrames: tooShort ? card.periodFrames : timing.least.periodFrames,
      frames: tooFew ? frames(card) : timing.least.frames,
    },
  };
  return { timing: settled, effects: waitForQuiet(settled, card) };
}

/** A second xrun within a minute: more. */
export function cardXrun(state: State, atMs: number): Step {
  const { timing, engine } = state;
  if (!timing.automatic || timing.opening || engine.kind !== "running") return step(state);
  const { card } = engine;
  const isSecond = timing.xrunAtMs !== null && atMs - timing.xrunAtMs < troubleMs;
  const tried = Math.max(frames(card), frames(timing.asked));
  const more = isSecond ? settings(timing).find((each) => frames(each) > tried) : undefined;
  if (!more) {
    return step({ ...state, timing: { ...timing, xrunAtMs: atMs } }, ...waitForQuiet(timing, card));
  }
  const quietMs = timing.onTrial ? Math.min(2 * timing.quietMs, mostQuietMs) : timing.quietMs;
  return ask({ ...state, timing: { ...timing, quietMs, onTrial: false } }, more, {
    kind: "log",
    level: "info",
    text: `the sound card stumbled twice in a minute with ${words(card)}: now ${words(more)}`,
  });
}

/** It has been quiet: less, unless somebody would hear the change. */
export function cardQuiet(state: State): Step {
  const { timing, engine } = state;
  if (!timing.automatic || timing.opening || engine.kind !== "running") return step(state);
  const { card } = engine;
  const holds: CardTiming = timing.onTrial ? { ...timing, quietMs: hourMs, onTrial: false } : timing;
  const less = settings(timing).findLast((each) => frames(each) < frames(card));
  if (!less) return step({ ...state, timing: holds });
  if (plays(state)) {
    return step({ ...state, timing: holds }, { kind: "timer.set", timer: "card-quiet", inMs: busyMs });
  }
  return ask({ ...state, timing: { ...holds, onTrial: true } }, less, {
    kind: "log",
    level: "info",
    text: `the sound card was quiet with ${words(card)}: trying ${words(less)}`,
  });
}

/** Why there is more than the least; null where there is not. */
export function timingText({ timing }: State, card: Card): string | null {
  if (!timing.automatic || !canHaveLess(timing, card)) return null;
  return "The card stumbled with less sound at a time; less is tried again when it has been quiet for long.";
}

function ask(state: State, asked: Timing, log: Effect): Step {
  const timing: CardTiming = { ...state.timing, asked, opening: true, xrunAtMs: null };
  return step({ ...state, timing }, log, { kind: "card.open", timing: asked });
}

function waitForQuiet(timing: CardTiming, card: Card): Effect[] {
  const waits = timing.onTrial || canHaveLess(timing, card);
  return waits ? [{ kind: "timer.set", timer: "card-quiet", inMs: timing.quietMs }] : [];
}

function canHaveLess(timing: CardTiming, card: Card): boolean {
  return settings(timing).some((each) => frames(each) < frames(card));
}

/** With others, or about to be. */
function plays({ connection }: State): boolean {
  switch (connection.kind) {
    case "idle":
    case "waiting":
      return false;
    case "connected":
      return connection.clients.length > 1;
    case "connecting":
    case "leaving":
      return true;
  }
}

/** All that can be asked for, the least sound first. */
function settings({ periods, least }: CardTiming): Timing[] {
  const sizes = [Math.max(smallestFrames, least.periodFrames)];
  for (let size = 2 * smallestFrames; size <= largestFrames; size *= 2) {
    if (size > (sizes[0] ?? 0)) sizes.push(size);
  }
  return sizes
    .flatMap((periodFrames) => [
      { periodFrames, periods },
      { periodFrames, periods: periods + 1 },
    ])
    .filter((each) => frames(each) >= least.frames)
    .sort((one, other) => frames(one) - frames(other));
}

function frames({ periodFrames, periods }: Timing): number {
  return periodFrames * periods;
}

function words({ periodFrames, periods }: Timing): string {
  return `${periods} periods of ${periodFrames} frames`;
}
