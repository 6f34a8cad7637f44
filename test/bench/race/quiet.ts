// The box where nothing is noisy: on the test kernel, in virtual time, as if every processor were infinitely fast.

import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type Kernel, runInKernel, testKernel } from "../../kernel/kernel.js";
import { type DepthRace, depthRaces } from "../jitter.js";
import type { Table } from "../report.js";
import { type DriftFigures, driftsPpm } from "./drift.js";
import type { WayFigures, WayParts } from "./way.js";

const program = "dist/test/bench/race/quiet-in-guest.js";
/** Of the machine's own time; a second in there takes a third of one to two. */
const deadlineMs = 4 * 3_600_000;
/** One for each place in a block, twice. */
const wayImpulses = 128;
const blockFrames = 64;

export interface QuietWay extends WayFigures {
  readonly name: string;
}

export interface QuietDrift extends DriftFigures {
  readonly name: string;
  readonly ppm: number;
  readonly seconds: number;
}

export interface QuietRoad extends WayFigures {
  /** The depths of the specification and ours, reckoned on the same packets. */
  readonly race: DepthRace;
}

export interface QuietOutcomes {
  readonly ways: readonly QuietWay[];
  readonly drifts: readonly QuietDrift[];
  readonly roads: readonly QuietRoad[];
  readonly netems: readonly QuietWay[];
}

type Progress = (line: string) => void;
type Guest = <T>(words: readonly string[]) => Promise<T>;

/** Null where there is no such kernel; `progress` hears why. */
export async function quiet(driftSeconds: number, progress: Progress): Promise<QuietOutcomes | null> {
  const kernel = await testKernel();
  if ("missing" in kernel) {
    progress(`no quiet figures: ${kernel.missing}`);
    return null;
  }
  const guest = guestsOf(kernel, progress);
  const folder = await mkdtemp(join(tmpdir(), "plugjam-roads-"));
  try {
    progress("roads for packets to take");
    const races = await depthRaces(folder);
    const drifts = driftJitters.flatMap((jitter) =>
      driftsPpm.map(async (ppm): Promise<QuietDrift> => {
        const words = ["drift", String(ppm), String(jitter), String(driftSeconds)];
        const figures = await guest<DriftFigures>(words);
        return { name: `Plugjam, jitter ${jitter}`, ppm, seconds: driftSeconds, ...figures };
      }),
    );
    const ways = wayRuns.map(async ({ name, ppm, jitter }): Promise<QuietWay> => {
      const words = ["way", String(ppm), String(jitter), String(wayImpulses)];
      return { name, ...(await guest<WayFigures>(words)) };
    });
    const roads = races
      .filter((race) => race.blockFrames === blockFrames)
      .map(async (race): Promise<QuietRoad> => {
        const impulses = Math.floor((race.minutes * 60 - roadSettleSeconds) * impulsesPerSecond);
        const path = join(folder, race.trace.replaceAll(" ", "-"));
        return { race, ...(await guest<WayFigures>(["way", "0", "auto", String(impulses), path])) };
      });
    const netems = netemRuns.map(async ({ name, words }): Promise<QuietWay> => {
      const order = ["netem", "0", "auto", String(netemImpulses), words];
      return { name, ...(await guest<WayFigures>(order)) };
    });
    return {
      drifts: await Promise.all(drifts),
      ways: await Promise.all(ways),
      roads: await Promise.all(roads),
      netems: await Promise.all(netems),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const wayRuns = [
  { name: "jitter auto", ppm: 0, jitter: "auto" },
  { name: "jitter 2", ppm: 0, jitter: 2 },
  { name: "jitter auto, card 50 ppm fast", ppm: 50, jitter: "auto" },
] as const;

/** Of the kernel's netem, which spoils both ways: each packet crosses loopback twice each way, there being a relay that looks on. */
const netemRuns = [
  { name: "5 ms", words: "delay 5ms" },
  { name: "5 ms, 1 ms more or less", words: "delay 5ms 1ms distribution normal" },
  { name: "5 ms, 1 ms more or less, 1 % lost", words: "delay 5ms 1ms distribution normal loss 1%" },
] as const;
const netemImpulses = 384;

/** As boxes come, and with room at the server. */
const driftJitters = ["auto", 4] as const;

/** See way.ts: it begins to count later than the road does, and is not to come to its end. */
const roadSettleSeconds = 30;
const impulsesPerSecond = 48_000 / 9_601;

/** As many guests at once as there are processors; each is one boot. */
function guestsOf({ folder }: Extract<Kernel, { folder: string }>, progress: Progress): Guest {
  const places = new Set<Promise<unknown>>();
  return async <T>(words: readonly string[]) => {
    while (places.size >= availableParallelism()) await Promise.race(places);
    progress(`in virtual time: ${words.join(" ")}`);
    const running = runInKernel(folder, `node ${program} ${words.join(" ")}`, {
      virtualTime: true,
      deadlineMs,
    });
    places.add(running);
    const run = await running.finally(() => places.delete(running));
    if (run.outcomes === "") throw new Error(`the guest came to grief:\n${run.console}`);
    return JSON.parse(run.outcomes) as T;
  };
}

const ms = (value: number) => value.toFixed(2);
const percent = (share: number) => `${(100 * share).toFixed(3)} %`;

const partNames: readonly (readonly [keyof WayParts, string])[] = [
  ["capture", "capture period"],
  ["block", "block to fill"],
  ["resamplers", "resamplers"],
  ["server", "server"],
  ["jitter", "jitter buffer"],
  ["codec", "codec"],
  ["playback", "playback"],
];

export function wayTable(ways: readonly QuietWay[]): Table {
  return {
    title: `In virtual time, nothing else running: where the latency lies, ms, mean of ${wayImpulses} impulses`,
    columns: ["", "latency (least to most)", ...partNames.map(([, name]) => name), "heard", "concealed"],
    rows: ways.map((way) => [
      way.name,
      `${ms(way.latencyMs)} (${ms(way.leastMs)} to ${ms(way.mostMs)})`,
      ...partNames.map(([part]) => ms(way.parts[part])),
      `${way.heard} of ${way.impulses}`,
      way.concealed,
    ]),
  };
}

export function netemTable(netems: readonly QuietWay[]): Table {
  return {
    title: "Through netem in virtual time, each packet twice there and twice back: ms from mouth to ear",
    columns: [
      "each time",
      "latency (least to most)",
      "heard",
      "concealed",
      "the server holds, blocks",
      "xruns",
    ],
    rows: netems.map((way) => [
      way.name,
      `${ms(way.latencyMs)} (${ms(way.leastMs)} to ${ms(way.mostMs)})`,
      `${way.heard} of ${way.impulses}`,
      percent(way.concealed / way.blocks),
      way.serverBlocks,
      way.xruns,
    ]),
  };
}

export function roadTable(roads: readonly QuietRoad[]): Table {
  return {
    title: `Roads from the server to the box, ${blockFrames} frames: mean time a block is held, ms, and concealed`,
    columns: [
      "road",
      "the box",
      "concealed",
      "heard",
      "ours, reckoned",
      "concealed",
      "spec, reckoned",
      "concealed",
    ],
    rows: roads.map(({ race, parts, blocks, concealed, heard, impulses }) => [
      race.trace,
      ...[ms(parts.jitter), percent(concealed / blocks), `${heard} of ${impulses}`],
      ...[ms(race.ours.heldMs), percent(race.ours.concealed)],
      ...[ms(race.spec.heldMs), percent(race.spec.concealed)],
    ]),
  };
}
