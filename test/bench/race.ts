// What a musician gets: our box against Jamulus on JACK, and JackTrip for scale, by turns on the same kind of card.

import { loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Distribution, ThreadTiming } from "../../src/audio/engine.js";
import { TestHub } from "../support/hub.js";
import { startJamulusServer } from "../support/jamulus.js";
import { VirtualCard } from "../support/virtual-card.js";
import { has } from "./packages.js";
import type { Plot } from "./plot.js";
import { type Contestant, jackTrip, jamulus, ours, periodFrames } from "./race/contestants.js";
import { type DriftFigures, drift, driftsPpm } from "./race/drift.js";
import { firstSounds } from "./race/first-sound.js";
import { netemTable, type QuietOutcomes, quiet, roadTable, wayTable } from "./race/quiet.js";
import { playSession, type RaceServer, type SessionFigures } from "./race/session.js";
import { type ThreadTimes, watchRealtimeThread } from "./race/thread-watch.js";
import { type Bench, percentile, type Table } from "./report.js";
import { ratioText, type Spread, spreadOf, spreadText } from "./spread.js";

const measuredMs = 10_000;
const threadSettleMs = 10_000;
const threadWatchedMs = 20_000;
const driftSeconds = 60;
const longDriftSeconds = 600;
/** In virtual time, which costs a third of it. */
const quietDriftSeconds = 600;
const longQuietDriftSeconds = 3600;

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

/** Each can be measured by itself. */
const allParts = ["sessions", "starts", "thread", "drift", "quiet"] as const;

export const race: Bench = async (progress, { long, rounds, parts }) => {
  const unknown = parts?.find((part) => !allParts.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`race has no part ${unknown}, but ${allParts.join(", ")}`);
  const wants = (part: (typeof allParts)[number]) => parts === null || parts.includes(part);
  const withJackTrip = await has("jacktrip", "jacktrip", progress);
  const loadBefore = loadavg()[0] ?? 0;
  const server = await startJamulusServer({ fastUpdate: true });
  const hub = await TestHub.start();
  const entries = [
    entry(ours("Plugjam, jitter auto"), server, true),
    entry(jamulus(reference), server, false),
    entry(ours("Plugjam, jitter and period auto", { period: "auto" }), server, true),
    entry(ours("Plugjam, jitter 2", { jitter: 2 }), server, true),
    entry(jamulus("Jamulus 3.9.1 + jackd, jitter 2", 2), server, false),
    entry(ours("Plugjam, raw, our hub", { quality: "raw" }), { port: hub.port }, true),
    ...(withJackTrip ? [entry(jackTrip("JackTrip + jackd, 16 bits"), server, false)] : []),
  ];
  for (let round = 1; wants("sessions") && round <= rounds; round++) {
    await playRound(entries, `round ${round} of ${rounds}`, progress);
  }
  const starts = wants("starts") ? await startRuns(server, rounds, progress) : [];
  const threads = wants("thread") ? await threadRuns(server, progress) : [];
  const seconds = long ? longDriftSeconds : driftSeconds;
  const drifts = wants("drift") ? await driftRuns(entries.slice(0, 2), seconds, progress) : [];
  await server.stop();
  await hub.box.stop();
  const still = wants("quiet")
    ? await quiet(long ? longQuietDriftSeconds : quietDriftSeconds, progress)
    : null;
  const load = { before: loadBefore, after: loadavg()[0] ?? 0 };
  return {
    tables: [
      ...(wants("sessions") ? [sessionTable(entries, rounds, load)] : []),
      ...(starts.length > 0 ? [startTable(starts, rounds)] : []),
      ...(threads.length > 0 ? [threadTable(threads)] : []),
      ...(drifts.length > 0
        ? [driftTable(`A sine there and back, the card off by so much, ${seconds} s each`, drifts)]
        : []),
      ...(still ? quietTables(still) : []),
    ],
    figures: {
      load,
      sessions: entries.map(({ contestant, figures }) => ({ name: contestant.name, figures })),
      starts,
      threads,
      drifts,
      quiet: still,
    },
    plots: {
      ...(wants("sessions") && { "bench-latency": latencyPlot(entries) }),
      ...((wants("quiet") || wants("drift")) && { "bench-drift": driftPlot(still?.drifts ?? drifts) }),
    },
  };
};

function entry(contestant: Contestant, server: RaceServer, isOurs: boolean): Entry {
  return { contestant, server, ours: isOurs, figures: [] };
}

async function playRound(entries: readonly Entry[], round: string, progress: Progress): Promise<void> {
  for (const { contestant, server, figures } of entries) {
    progress(`${round}: ${contestant.name}`);
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

async function startRuns(server: RaceServer, rounds: number, progress: Progress): Promise<readonly Start[]> {
  const measured = firstSounds.map(({ name }) => ({ name, ms: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, measure }] of firstSounds.entries()) {
      progress(`first sound: ${name}`);
      measured[index]?.ms.push(await measure(server));
    }
  }
  return measured.map(({ name, ms }) => ({ name, spread: spreadOf(ms) }));
}

function startTable(starts: readonly Start[], rounds: number): Table {
  return {
    title: `From a command to the first sound, ms, ${rounds} times by turns`,
    columns: ["what", "median (least to most)"],
    rows: starts.map(({ name, spread }) => [name, spreadText(spread, 0)]),
  };
}

interface ThreadRun {
  readonly ppm: number;
  /** By the engine itself: `audio.timing` of the status. */
  readonly told: ThreadTiming;
  /** By the scheduler. */
  readonly watched: ThreadTimes;
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

function sessionTable(
  entries: readonly Entry[],
  rounds: number,
  load: { before: number; after: number },
): Table {
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
    columns: ["client side", "latency ms", "", "CPU %", "", "resident MB", "", "concealed", "xruns", "card"],
    rows: entries.map(({ contestant, figures }, index) => [
      contestant.name,
      ...cells(latency, index, 1),
      ...cells(cpu, index, 1),
      ...cells(memory, index, 0),
      sum(figures, ({ concealed }) => concealed),
      sum(figures, ({ xruns }) => xruns),
      timingsText(figures),
    ]),
  };
}

/** What the card was set to at the end of each session, where it is told. */
function timingsText(figures: readonly SessionFigures[]): string {
  const settings = figures.flatMap(({ timing }) =>
    timing ? [`${timing.periodFrames} x ${timing.periods}`] : [],
  );
  return [...new Set(settings)].join(", ") || "-";
}

/** Off by 0: neither way is resampled; off by 200 ppm: both are. */
async function threadRuns(server: RaceServer, progress: Progress): Promise<readonly ThreadRun[]> {
  const runs: ThreadRun[] = [];
  for (const ppm of [0, 200]) {
    progress(`the audio thread of Plugjam, a card that is off by ${ppm} ppm`);
    const card = new VirtualCard({ ppm, source: { type: "tune" } });
    const playing = await ours("Plugjam").start(server, card);
    await sleep(threadSettleMs);
    for (const { pid } of playing.processes) {
      const watched = await watchRealtimeThread(pid, threadWatchedMs);
      const told = (await playing.audio?.())?.timing;
      if (told) runs.push({ ppm, told, watched });
    }
    await playing.stop();
    card.remove();
  }
  return runs;
}

function threadTable(runs: readonly ThreadRun[]): Table {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const share = (ms: number) => percent((ms * 48) / periodFrames);
  const microseconds = (ms: number) => (1000 * ms).toFixed(0);
  const told = ({ p50, p999, max }: Distribution, words: (value: number) => string) =>
    [p50, p999, max].map(words);
  const marks = (ms: readonly number[], words: (ms: number) => string) =>
    [percentile(ms, 0.5), percentile(ms, 0.999), ms.reduce((most, each) => Math.max(most, each), 0)].map(
      words,
    );
  return {
    title: `The audio thread of Plugjam: work of each wake-up as a share of ${periodFrames} frames, and how late it begins in µs`,
    columns: ["card is off by ppm, told by", "work p50", "p99.9", "max", "late p50", "p99.9", "max"],
    rows: runs.flatMap(({ ppm, told: own, watched: { workMs, waitMs } }) => [
      [
        `${ppm}, the engine: from waking to the end`,
        ...told(own.workShare, percent),
        ...told(own.latenessMs, microseconds),
      ],
      [
        `${ppm}, the scheduler: on a core, and waiting for one`,
        ...marks(workMs, share),
        ...marks(waitMs, microseconds),
      ],
    ]),
  };
}

function quietTables({ ways, drifts, roads, netems }: QuietOutcomes): readonly Table[] {
  const title = `A sine there and back in virtual time, nothing else running, ${drifts[0]?.seconds} s each`;
  return [wayTable(ways), driftTable(title, drifts), roadTable(roads), netemTable(netems)];
}

function driftTable(title: string, runs: readonly DriftRun[]): Table {
  return {
    title,
    columns: [
      ...["client side", "ppm", "slips", "stumbles", "xruns of the card"],
      ...["concealed", "late", "lost", "ppm told"],
    ],
    rows: runs.map(({ name, ppm, slips, stumbles, xruns, concealed, late, lost, toldPpm }) => [
      name,
      ...[ppm, slips, stumbles, xruns],
      ...[concealed ?? "-", late ?? "-", lost ?? "-", toldPpm?.toFixed(1) ?? "-"],
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
