// What a musician gets: our box against Jamulus on JACK, and JackTrip for scale, by turns on the same kind of card.

import { loadavg } from "node:os";
import { TestHub } from "../support/hub.js";
import { startJamulusServer } from "../support/jamulus.js";
import { has } from "./packages.js";
import type { Plot } from "./plot.js";
import { type Contestant, jackTrip, jamulus, ours } from "./race/contestants.js";
import { type DriftFigures, drift, driftsPpm } from "./race/drift.js";
import { firstSounds } from "./race/first-sound.js";
import { quiet, quietTable } from "./race/quiet.js";
import { playSession, type RaceServer, type SessionFigures } from "./race/session.js";
import type { Bench, Table } from "./report.js";
import { ratioText, type Spread, spreadOf, spreadText } from "./spread.js";

const rounds = 5;
const measuredMs = 10_000;
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
  const drifts = await driftRuns(entries.slice(0, 2), long ? longDriftSeconds : driftSeconds, progress);
  await server.stop();
  await hub.box.stop();
  const still = await quiet(progress);
  const load = { before: loadBefore, after: loadavg()[0] ?? 0 };
  return {
    tables: [
      sessionTable(entries, load),
      {
        title: `From a command to the first sound, ms, ${rounds} times by turns`,
        columns: ["what", "median (least to most)"],
        rows: starts.map(({ name, spread }) => [name, spreadText(spread, 0)]),
      },
      driftTable(drifts),
      ...(still.length > 0 ? [quietTable(still)] : []),
    ],
    figures: {
      load,
      sessions: entries.map(({ contestant, figures }) => ({ name: contestant.name, figures })),
      starts,
      drifts,
      quiet: still,
    },
    plots: { "bench-latency": latencyPlot(entries), "bench-drift": driftPlot(drifts) },
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

interface DriftRun extends DriftFigures {
  readonly name: string;
  readonly ours: boolean;
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
    for (const { contestant, server, ours } of entries) {
      progress(`a card that is off by ${ppm} ppm, ${seconds} s: ${contestant.name}`);
      const figures = await drift(contestant, server, ppm, seconds);
      runs.push({ name: contestant.name, ours, ppm, seconds, ...figures });
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

function driftTable(runs: readonly DriftRun[]): Table {
  return {
    title: `A sine there and back, the card off by so much, ${runs[0]?.seconds} s each`,
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
  const bars = runs.map(({ name, ours, ppm, slips }) => ({
    label: `${name.split(",")[0]}, ${ppm} ppm`,
    value: slips,
    ours,
  }));
  return { title: `Slips in ${runs[0]?.seconds} s, by the error of the card's clock`, unit: "", bars };
}
