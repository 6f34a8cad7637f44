// A card whose crystal is off: how often a sine that goes to the server and comes back jumps.

import { setTimeout as sleep } from "node:timers/promises";
import { channelOf } from "../../support/analysis.js";
import { makeRealtime } from "../../support/realtime.js";
import { sineFaults } from "../../support/slips.js";
import { sines } from "../../support/test-signal.js";
import { VirtualCard } from "../../support/virtual-card.js";
import type { Contestant, Playing } from "./contestants.js";
import type { RaceServer } from "./session.js";

export const driftsPpm = [0, 50, -50, 200, -200] as const;

export interface DriftFigures {
  /** Jumps of the sine for good, there and back together. */
  readonly slips: number;
  /** When, in seconds of what was measured. */
  readonly slipsAt: readonly number[];
  /** Places where it stumbles and goes on as it should. */
  readonly stumbles: number;
  /** Of the card; each is heard, too. */
  readonly xruns: number;
  readonly concealed: number | null;
  /** Blocks that came after their turn, and that never came; null: nobody tells. */
  readonly late: number | null;
  readonly lost: number | null;
  /** What the box takes the card to be off by, in the end. */
  readonly toldPpm: number | null;
}

export interface DriftOptions {
  /** In virtual time, where nobody plays on meanwhile: listen in pieces and keep only the last, so that an hour fits. */
  readonly inPieces?: boolean;
  /** The server's fade-in (spec 6.3), and some seconds for clocks to be measured and buffers to find their depth. */
  readonly settleSeconds?: number;
}

/** No multiple of it is a block: whatever is left out or put in turns the phase. */
const hertz = 440;
const unheardMs = 100;
const pieceSeconds = 60;
/** What is before and after a piece, so that none of its faults lies at an edge. */
const edgeFrames = 9_600;

export async function drift(
  contestant: Contestant,
  server: RaceServer,
  ppm: number,
  seconds: number,
  { inPieces = false, settleSeconds = 15 }: DriftOptions = {},
): Promise<DriftFigures> {
  const longestPiece = inPieces ? Math.min(pieceSeconds, seconds) : seconds;
  const card = new VirtualCard({
    ppm,
    source: sines(hertz, hertz),
    playbackSeconds: settleSeconds + longestPiece + 15,
  });
  const playing = await contestant.start(server, card);
  try {
    if (server.process) makeRealtime(server.process);
    await sleep(1000 * settleSeconds);
    const before = await countsOf(playing, card);
    const slipsAt: number[] = [];
    let [stumbles, from] = [0, before.frame];
    for (let left = seconds; left > 0; left -= longestPiece) {
      await sleep(1000 * Math.min(longestPiece, left));
      const to = card.currentFrame("playback");
      await sleep(unheardMs + edgeFrames / 48);
      const faults = faultsBetween(card, from, to);
      slipsAt.push(...faults.slips.map((at) => Math.round((at - before.frame) / 480) / 100));
      stumbles += faults.stumbles;
      from = to;
      if (inPieces) card.forgetBefore(from - edgeFrames);
    }
    const after = await countsOf(playing, card);
    const { audio } = after;
    const since = (kind: "concealed" | "late" | "lost") =>
      audio ? audio[kind] - (before.audio?.[kind] ?? 0) : null;
    return {
      slips: slipsAt.length,
      slipsAt,
      stumbles,
      xruns: after.xruns - before.xruns,
      concealed: since("concealed"),
      late: since("late"),
      lost: since("lost"),
      toldPpm: audio?.driftPpm ?? null,
    };
  } finally {
    await playing.stop();
    card.remove();
  }
}

async function countsOf(playing: Playing, card: VirtualCard) {
  return {
    frame: card.currentFrame("playback"),
    xruns: card.xruns("capture") + card.xruns("playback"),
    audio: await playing.audio?.(),
  };
}

/** Those that begin between the two frames, by frame; what is around them must have been played, too. */
function faultsBetween(card: VirtualCard, from: number, to: number): { slips: number[]; stumbles: number } {
  const heard = channelOf(card.played(from - edgeFrames, to + edgeFrames), 0, card.channels);
  const { slips, stumbles } = sineFaults(heard, hertz);
  const inside = (at: number) => at >= edgeFrames && at < edgeFrames + to - from;
  return {
    slips: slips.filter(inside).map((at) => at - edgeFrames + from),
    stumbles: stumbles.filter(inside).length,
  };
}
