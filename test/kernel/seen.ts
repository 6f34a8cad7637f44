// In the guest: whether what a musician sees, lights and pixels, is what the box says of itself.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../src/core/status.js";
import type { DisplayLine, LedPattern, Leds } from "../../src/core/view.js";
import { systemClock } from "../../src/lib/clock.js";
import { ledLit } from "../../src/panel/led.js";
import { drawLevels } from "../../src/panel/oled/level-bars.js";
import { drawScreen } from "../../src/panel/screen.js";
import type { TestBox } from "../support/box.js";
import { until } from "../support/until.js";
import { type SimulatedPi, simulatedDisplay } from "./simulated-pi.js";

/** Longer than any blink takes, and what is enough for a steady light. */
const blinkMs = 2100;
const steadyMs = 300;
const stepMs = 20;
/** A display that failed several times is left alone for up to 15 s. */
const displayPatienceMs = 60_000;
/** For the timers of the box, which wake a little late. */
const lateMs = 5;
const longestRhythmMs = 2000;

const leds = ["link", "rec", "mute"] as const;
const pinOf = { link: "link", rec: "rec", mute: "muted" } as const;

/** The lights are like this, for as long as it takes to be sure. */
export async function seeLeds(box: TestBox, pi: SimulatedPi, wanted: Leds): Promise<void> {
  await box.reaches(`lit ${JSON.stringify(wanted)}`, ({ panel }) =>
    leds.every((led) => panel.leds[led] === wanted[led]),
  );
  const looks: (Record<(typeof leds)[number], boolean> & { atMs: number })[] = [];
  const endMs = systemClock.nowMs() + (leds.every((led) => isSteady(wanted[led])) ? steadyMs : blinkMs);
  for (let atMs = systemClock.nowMs(); atMs < endMs; atMs = systemClock.nowMs()) {
    looks.push({ atMs, link: pi.lit(pinOf.link), rec: pi.lit(pinOf.rec), mute: pi.lit(pinOf.mute) });
    await sleep(stepMs);
  }
  for (const led of leds) {
    const seen = looks.map((look) => ({ atMs: look.atMs, lit: look[led] }));
    assert.ok(isRhythm(wanted[led], seen), `${led}: ${wanted[led]}: ${JSON.stringify(seen)}`);
  }
}

/** This pattern, whenever it began. */
function isRhythm(pattern: LedPattern, seen: readonly { atMs: number; lit: boolean }[]): boolean {
  const starts = Array.from({ length: longestRhythmMs / lateMs }, (_, step) => step * lateMs);
  return starts.some((startMs) =>
    seen.every(({ atMs, lit }) => {
      const passedMs = atMs + startMs;
      const isChanging = ledLit(pattern, passedMs - lateMs) !== ledLit(pattern, passedMs + lateMs);
      return isChanging || lit === ledLit(pattern, passedMs);
    }),
  );
}

const isSteady = (pattern: LedPattern) => pattern === "on" || pattern === "off";

/** The display comes to show what the status says, in words that begin like this. */
export async function seeDisplay(box: TestBox, ...words: readonly string[]): Promise<void> {
  let status: Status | null = null;
  const shows = async () => {
    status = await box.status();
    const { display } = status.panel;
    return words.every((word, at) => display[at] === word) && pictured(display, status.audio.levels);
  };
  try {
    await until(`the display to show ${words.join(", ")}`, shows, {
      deadlineMs: displayPatienceMs,
      everyMs: 100,
    });
  } catch (cause) {
    throw new Error(`${String(cause)}\n${JSON.stringify(status, null, 1)}\n${picture()}`, { cause });
  }
}

function pictured(lines: readonly string[], levels: Status["audio"]["levels"]): boolean {
  const { on, inverted, segments_remapped, rows_reversed } = simulatedDisplay.state();
  if (!on || inverted || !segments_remapped || !rows_reversed) return false;
  const shown = simulatedDisplay.picture();
  return inSizes(lines).some((display) => {
    const bare = drawScreen(display);
    if (shown.equals(bare.bytes)) return true;
    drawLevels(bare, levels);
    return shown.equals(bare.bytes);
  });
}

/** The status has no sizes: each line may be large or small, but for the first, which is read from afar. */
function inSizes([first = "", ...rest]: readonly string[]): DisplayLine[][] {
  let screens: DisplayLine[][] = [[{ text: first, size: "large" }]];
  for (const text of rest) {
    screens = screens.flatMap((above) => [
      [...above, { text, size: "large" }],
      [...above, { text, size: "small" }],
    ]);
  }
  return screens;
}

/** For error messages: what shows, two rows of pixels to a line of text. */
function picture(): string {
  const bytes = simulatedDisplay.picture();
  const lit = (x: number, y: number) => ((bytes[(y >> 3) * 128 + x] ?? 0) >> (y & 7)) & 1;
  const rows = Array.from({ length: 32 }, (_, row) =>
    Array.from({ length: 128 }, (_, x) => " ▀▄█"[lit(x, 2 * row) + 2 * lit(x, 2 * row + 1)]).join(""),
  );
  return rows.join("\n");
}
