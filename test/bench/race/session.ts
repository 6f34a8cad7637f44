// One contestant on one card for a while: how late impulses come back, and what it costs.

import { setTimeout as sleep } from "node:timers/promises";
import { channelOf, findImpulses, peak } from "../../support/analysis.js";
import type { TestProcess } from "../../support/process.js";
import { cpuMs, memoryMb } from "../../support/process-cost.js";
import { makeRealtime } from "../../support/realtime.js";
import { VirtualCard } from "../../support/virtual-card.js";
import { percentile } from "../report.js";
import type { Contestant } from "./contestants.js";

export interface SessionFigures {
  /** From the frame at which the card hears an impulse to the one at which it is played; null: none came back. */
  readonly latencyMs: number | null;
  readonly impulses: number;
  /** Of one core, in percent. */
  readonly cpuPercent: number;
  readonly residentMb: number;
  /** The same, memory shared with others counted by its share. */
  readonly proportionalMb: number;
  /** Of the card, both sides; while measured. */
  readonly xruns: number;
  /** Blocks made up while measured; null: nobody tells. */
  readonly concealed: number | null;
  /** Frames in a period and periods of the card, as measured last; null: nobody tells. */
  readonly timing: { readonly periodFrames: number; readonly periods: number } | null;
}

/** A server on loopback; its process, if it asks for no realtime priority of its own. */
export interface RaceServer {
  readonly port: number;
  readonly process?: TestProcess;
}

/** No multiple of a block: impulses fall on every place in one. */
const intervalFrames = 4801;
const offsetFrames = 97;
/**
 * The server fades newcomers in for 3 s (spec 6.3), Jamulus' buffers come down for 8 s and more (spec 5.4), and ours
 * until it is known whether the clocks agree, 13 s or so. What counts is the rest of the evening.
 */
const settleMs = 20_000;
const unheardMs = 100;

export async function playSession(
  contestant: Contestant,
  server: RaceServer,
  measuredMs: number,
): Promise<SessionFigures> {
  const card = new VirtualCard({
    source: { type: "impulses", interval: intervalFrames, offset: offsetFrames },
    playbackSeconds: (settleMs + measuredMs) / 1000 + 30,
  });
  const playing = await contestant.start(server, card);
  try {
    if (server.process) makeRealtime(server.process);
    await sleep(settleMs);
    const counts = async () => ({
      frame: card.currentFrame("playback"),
      xruns: card.xruns("capture") + card.xruns("playback"),
      concealed: await playing.concealed(),
      cpuMs: total(playing.processes, cpuMs),
      ms: performance.now(),
    });
    const before = await counts();
    await sleep(measuredMs);
    const after = await counts();
    const audio = await playing.audio?.();
    await sleep(unheardMs);
    const heard = channelOf(card.played(before.frame, after.frame), 0, card.channels);
    const delays = findImpulses(heard, peak(heard) / 2).map(
      (at) => (at + before.frame - offsetFrames) % intervalFrames,
    );
    const memory = playing.processes.map(({ pid }) => memoryMb(pid, { without: card.playbackPath }));
    return {
      latencyMs: delays.length > 0 && peak(heard) > 0.1 ? percentile(delays, 0.5) / 48 : null,
      impulses: delays.length,
      cpuPercent: (100 * (after.cpuMs - before.cpuMs)) / (after.ms - before.ms),
      residentMb: memory.reduce((sum, { resident }) => sum + resident, 0),
      proportionalMb: memory.reduce((sum, { proportional }) => sum + proportional, 0),
      xruns: after.xruns - before.xruns,
      concealed: after.concealed === null ? null : after.concealed - (before.concealed ?? 0),
      timing:
        audio?.periodFrames && audio.periods
          ? { periodFrames: audio.periodFrames, periods: audio.periods }
          : null,
    };
  } finally {
    await playing.stop();
    card.remove();
  }
}

function total(processes: readonly TestProcess[], of: (pid: number) => number): number {
  return processes.reduce((sum, { pid }) => sum + of(pid), 0);
}
