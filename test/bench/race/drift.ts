// A card whose crystal is off: how often a sine that goes to the server and comes back jumps.

import { setTimeout as sleep } from "node:timers/promises";
import { channelOf } from "../../support/analysis.js";
import { makeRealtime } from "../../support/realtime.js";
import { sineFaults } from "../../support/slips.js";
import { sines } from "../../support/test-signal.js";
import { VirtualCard } from "../../support/virtual-card.js";
import type { Contestant } from "./contestants.js";
import type { RaceServer } from "./session.js";

export const driftsPpm = [0, 50, -50, 200, -200] as const;

export interface DriftFigures {
  /** Jumps of the sine for good, there and back together. */
  readonly slips: number;
  /** Places where it stumbles and goes on as it should. */
  readonly stumbles: number;
  /** Of the card; each is heard, too. */
  readonly xruns: number;
  readonly concealed: number | null;
}

/** No multiple of it is a block: whatever is left out or put in turns the phase. */
const hertz = 440;
/** The server's fade-in (spec 6.3), and some seconds for clocks to be measured and buffers to find their depth. */
const settleMs = 15_000;
const unheardMs = 100;

export async function drift(
  contestant: Contestant,
  server: RaceServer,
  ppm: number,
  seconds: number,
): Promise<DriftFigures> {
  const card = new VirtualCard({
    ppm,
    source: sines(hertz, hertz),
    playbackSeconds: seconds + settleMs / 1000 + 15,
  });
  const playing = await contestant.start(server, card);
  try {
    if (server.process) makeRealtime(server.process);
    await sleep(settleMs);
    const counts = async () => ({
      frame: card.currentFrame("playback"),
      xruns: card.xruns("capture") + card.xruns("playback"),
      concealed: await playing.concealed(),
    });
    const before = await counts();
    await sleep(1000 * seconds);
    const after = await counts();
    await sleep(unheardMs);
    const heard = channelOf(card.played(before.frame, after.frame), 0, card.channels);
    const { slips, stumbles } = sineFaults(heard, hertz);
    return {
      slips: slips.length,
      stumbles: stumbles.length,
      xruns: after.xruns - before.xruns,
      concealed: after.concealed === null ? null : after.concealed - (before.concealed ?? 0),
    };
  } finally {
    await playing.stop();
    card.remove();
  }
}
