// What a musician gets: our box against Jamulus on JACK, and JackTrip for scale, by turns on the same kind of card.

import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { TestHub } from "../support/hub.js";
import { startJamulusServer } from "../support/jamulus.js";
import { VirtualCard } from "../support/virtual-card.js";
import { has } from "./packages.js";
import type { Plot } from "./plot.js";
import { type Contestant, jackTrip, jamulus, ours, periodFrames } from "./race/contestants.js";
import { type DriftFigures, drift, driftsPpm } from "./race/drift.js";
import { firstSounds } from "./race/first-sound.js";
import { quiet, quietTable } from "./race/quiet.js";
import { playSession, type RaceServer, type SessionFigures } from "./race/session.js";
import { type ThreadTimes, watchRealtimeThread } from "./race/thread-watch.js";
import { type Bench, percentile, type Table } from "./report.js";
import { ratioText, type Spread, spreadOf, spreadText } from "./spread.js";

const rounds = 5;
const measuredMs = 10_000;
const threadSettleMs = 10_000;
const threadWatchedMs = 20_000;
const driftSeconds = 60;
const longDriftSeconds = 600;

type Progress = (line: string) => void;

/** Each with a server it plays through. */
interface Entry {
  readonly contestant: Contestant;
  readonly server: RaceServer;
  readonly ours: boolean;
  readonly figures: SessionFigures[];
}

/** What a ratio is taken of; Jamulus as it comes. */
const reference = "Jamulus 3.9.1 + jackd, jitter auto";

export const race: Bench = async (progress, { long }) => {
  const withJackTrip = await has("jacktrip", "jacktrip", progress);
  const loadBefore = loadavg()[0] ?? 0;
  const server = await startJamulusServer({ fastUpdate: true });
  const hub = await TestHub.start();
  const entries = [
    entry(ours("Plugjam, jitter auto"), server, true),
    entry(jamulus(reference), server, false),
    entry(ours("Plugjam, jitter 2", { jitter: 2 }), server, true),
    entry(jamulus("Jamulus 3.9.1 + jackd, jitter 2", 2), server, false),
    entry(ours("Plugjam, raw, our hub", { quality: "raw" }), { port: hub.port }, true),
    ...(withJackTrip ? [entry(jackTrip("JackTrip + jackd, 16 bits"), server, false)] : []),
  ];
  for (let round = 1; round <= rounds; round++) await playRound(entries, round, progress);
  const starts = await startRuns(server, progress);
  const threads = await threadRuns(server, progress);
  const drifts = await driftRuns(entries.slice(0, 2), long ? longDriftSeconds : driftSeconds, progress);
  await server.stop();
  await hub.box.stop();
  const still = await quiet(long ? longDriftSeconds : driftSeconds, progress);
  const load = { before: loadBefore, after: loadavg()[0] ?? 0 };
  return {
    tables: [
      sessionTable(entries, load),
      {
        title: `From a command to the first sound, ms, ${rounds} times by turns`,
        columns: ["what", "median (least to most)"],
        rows: starts.map(({ name, spread }) => [name, spreadText(spread, 0)]),
      },
      threadTable(threads),
      driftTable(`A sine there and back, the card off by so much, ${drifts[0]?.seconds} s each`, drifts),
      ...(still ? [quietTable(still.latencies), driftTable(quietDriftTitle, still.drifts)] : []),
    ],
    figures: {
      load,
      sessions: entries.map(({ contestant, figures }) => ({ name: contestant.name, figures })),
      starts,
      threads,
      drifts,
      quiet: still,
    },
    plots: { "bench-latency": latencyPlot(entries), "bench-drift": driftPlot(still?.drifts ?? drifts) },
  };
};

function entry(contestant: Contestant, server: RaceServer, isOurs: boolean): Entry {
  return { contestant, server, ours: isOurs, figures: [] };
}

async function playRound(entries: readonly Entry[], round: number, progress: Progress): Promise<void> {
  for (const { contestant, server, figures } of entries) {
    progress(`round ${round} of ${rounds}: ${contestant.name}`);
    try {
      figures.push(await playSession(contestant, server, measuredMs));
    } catch (error) {
      // A session that a busy machine spoils is left out, and said so.
      progress(`left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

interface Start {
  readonly name: string;
  readonly spread: Spread;
}

async function startRuns(server: RaceServer, progress: Progress): Promise<readonly Start[]> {
  const measured = firstSounds.map(({ name }) => ({ name, ms: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, measure }] of firstSounds.entries()) {
      progress(`first sound: ${name}`);
      measured[index]?.ms.push(await measure(server));
    }
  }
  return measured.map(({ name, ms }) => ({ name, spread: spreadOf(ms) }));
}

interface ThreadRun extends ThreadTimes {
  readonly ppm: number;
}

interface DriftRun extends DriftFigures {
  readonly name: string;
  readonly ppm: number;
  readonly seconds: number;
}

async function driftRuns(
  entries: readonly Entry[],
  seconds: number,
  progress: Progress,
): Promise<readonly DriftRun[]> {
  const runs: DriftRun[] = [];
  for (const ppm of driftsPpm) {
    for (const { contestant, server } of entries) {
      progress(`a card that is off by ${ppm} ppm, ${seconds} s: ${contestant.name}`);
      const figures = await drift(contestant, server, ppm, seconds);
      runs.push({ name: contestant.name, ppm, seconds, ...figures });
    }
  }
  return runs;
}

function sessionTable(entries: readonly Entry[], load: { before: number; after: number }): Table {
  const spreads = (of: (session: SessionFigures) => number | null) =>
    entries.map(({ figures }) => spreadOf(figures.map(of)));
  const [latency, cpu, memory] = [
    spreads(({ latencyMs }) => latencyMs),
    spreads(({ cpuPercent }) => cpuPercent),
    spreads(({ residentMb }) => residentMb),
  ];
  const at = entries.findIndex(({ contestant }) => contestant.name === reference);
  const cells = (all: readonly Spread[], index: number, digits: number) => {
    const [one, base] = [all[index], all[at]];
    return one && base ? [spreadText(one, digits), ratioText(one, base)] : [];
  };
  const sum = (figures: readonly SessionFigures[], of: (session: SessionFigures) => number | null) =>
    figures.every((session) => of(session) === null)
      ? "-"
      : figures.reduce((total, session) => total + (of(session) ?? 0), 0);
  const loads = `${load.before.toFixed(1)} to ${load.after.toFixed(1)}`;
  return {
    title:
      `Mouth to ear through one Jamulus server -F on loopback, 64 frames x 2, stereo, high; ${rounds} sessions by ` +
      `turns, median (least to most); load of the machine ${loads}`,
    columns: ["client side", "latency ms", "", "CPU %", "", "resident MB", "", "concealed", "xruns"],
    rows: entries.map(({ contestant, figures }, index) => [
      contestant.name,
      ...cells(latency, index, 1),
      ...cells(cpu, index, 1),
      ...cells(memory, index, 0),
      sum(figures, ({ concealed }) => concealed),
      sum(figures, ({ xruns }) => xruns),
    ]),
  };
}

/** Off by 0: neither way is resampled; off by 200 ppm: both are. */
async function threadRuns(server: RaceServer, progress: Progress): Promise<readonly ThreadRun[]> {
  const runs: ThreadRun[] = [];
  for (const ppm of [0, 200]) {
    progress(`the audio thread of Plugjam, a card that is off by ${ppm} ppm`);
    const card = new VirtualCard({ ppm, source: { type: "tune" } });
    const playing = await ours("Plugjam").start(server, card);
    await sleep(threadSettleMs);
    for (const { pid } of playing.processes)
      runs.push({ ppm, ...(await watchRealtimeThread(pid, threadWatchedMs)) });
    await playing.stop();
    card.remove();
  }
  return runs;
}

function threadTable(runs: readonly ThreadRun[]): Table {
  const share = (ms: number) => `${((100 * ms * 48) / periodFrames).toFixed(1)} %`;
  const microseconds = (ms: number) => (1000 * ms).toFixed(0);
  const marks = (ms: readonly number[], words: (ms: number) => string) =>
    [percentile(ms, 0.5), percentile(ms, 0.999), ms.reduce((most, each) => Math.max(most, each), 0)].map(
      words,
    );
  return {
    title: `The audio thread of Plugjam: work of each wake-up as a share of ${periodFrames} frames, and its wait for a core in µs`,
    columns: ["card is off by ppm", "wake-ups", "work p50", "p99.9", "max", "wait p50", "p99.9", "max"],
    rows: runs.map(({ ppm, workMs, waitMs }) => [
      ppm,
      workMs.length,
      ...marks(workMs, share),
      ...marks(waitMs, microseconds),
    ]),
  };
}

const quietDriftTitle = "The same in virtual time, nothing else running";

function driftTable(title: string, runs: readonly DriftRun[]): Table {
  return {
    title,
    columns: ["client side", "ppm", "slips", "stumbles", "xruns of the card", "concealed"],
    rows: runs.map(({ name, ppm, slips, stumbles, xruns, concealed }) => [
      name,
      ...[ppm, slips, stumbles, xruns],
      concealed ?? "-",
    ]),
  };
}

function latencyPlot(entries: readonly Entry[]): Plot {
  const bars = entries.flatMap(({ contestant, figures, ours }) => {
    const { median, least, most } = spreadOf(figures.map(({ latencyMs }) => latencyMs));
    return median === null ? [] : [{ label: contestant.name, value: median, least, most, ours }];
  });
  return { title: "Mouth to ear", unit: "ms", bars };
}

function driftPlot(runs: readonly DriftRun[]): Plot {
  const bars = runs.map(({ name, ppm, slips, stumbles }) => ({
    label: `${name.split(",")[0]}, ${ppm} ppm`,
    // What the client leaves out and what the server puts in can cancel: then it only stumbles, and is heard all the same.
    value: slips + stumbles,
    ours: name.startsWith("Plugjam"),
  }));
  return {
    title: `Audible faults in ${runs[0]?.seconds} s, by the error of the card's clock`,
    unit: "",
    bars,
  };
}
