// How many clients a core carries: our hub and Jamulus' server under the same load, one after the other, by turns.

import { execFile } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { promisify } from "node:util";
import { TestHub } from "../support/hub.js";
import { startJamulusServer } from "../support/jamulus.js";
import type { Bench } from "./report.js";

const secondsEach = 8;
/** How many clients to try; a server that fails at one number is not tried at larger ones. */
const steps = [8, 16, 24, 32, 48, 60, 76];
/** A packet that comes later than the block before it ends makes a gap to be heard, or needs more delay. */
const bearableMs = 1.333;

/** As test/bench/load prints it. */
interface Load {
  readonly clients: number;
  readonly lost: number;
  readonly lateMs: {
    readonly p50: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  };
  readonly processor: number;
  readonly processorPerClient: number;
  readonly residentKb: number;
  /** How late the load itself was, in ms. */
  readonly ownLatestMs: number;
}

interface Contestant {
  readonly name: string;
  /** Gives where it listens, its process, and what ends it. */
  start(): Promise<{ readonly port: number; readonly pid: number; stop(): Promise<unknown> }>;
}

const ours: Contestant = {
  name: "Plugjam hub",
  async start() {
    const hub = await TestHub.start({ sets: ["hub.max_clients=150"] });
    return { port: hub.port, pid: hub.box.process.pid, stop: () => hub.box.stop() };
  },
};

const jamulus = (...more: readonly string[]): Contestant => ({
  name: ["Jamulus -F", ...more].join(" "),
  async start() {
    const args = ["-u", "150", ...more];
    const server = await startJamulusServer({ fastUpdate: true, args });
    return { port: server.port, pid: server.process.pid, stop: () => server.kill() };
  },
});

const contestants = [ours, jamulus(), jamulus("-T")];

interface Measured extends Load {
  readonly contestant: string;
  readonly ownMix: boolean;
}

export const hub: Bench = async (progress) => {
  const measured: Measured[] = [];
  for (const ownMix of [false, true]) {
    let racing = contestants;
    for (const clients of steps) {
      const through: Contestant[] = [];
      for (const contestant of racing) {
        progress(`${contestant.name}, ${clients} clients${ownMix ? ", each with its own mix" : ""}`);
        const load = await underLoad(contestant, clients, ownMix);
        if (load === null) continue;
        measured.push({ ...load, contestant: contestant.name, ownMix });
        if (load.lateMs.p999 <= 4 * bearableMs) through.push(contestant);
      }
      racing = through;
    }
  }
  return {
    tables: [
      ...[false, true].map((ownMix) => ({
        title: ownMix ? "Each listener with faders of its own" : "All faders equal",
        columns: [
          "server, clients",
          "core per client",
          "core",
          "late ms p50",
          "p99.9",
          "max",
          "MB",
          "load late ms",
        ],
        rows: measured.filter((each) => each.ownMix === ownMix).map(row),
      })),
      { title: "Clients a core carries", columns: capacityColumns, rows: capacities(measured) },
    ],
    figures: { cores: cpus().length, loadAverage: loadavg(), secondsEach, measured },
  };
};

/** Null: it did not let all of them in. */
async function underLoad(contestant: Contestant, clients: number, ownMix: boolean): Promise<Load | null> {
  const server = await contestant.start();
  try {
    const words = ["--server", `127.0.0.1:${server.port}`, "--clients", String(clients)];
    words.push(
      "--seconds",
      String(secondsEach),
      "--pid",
      String(server.pid),
      ...(ownMix ? ["--own-mix"] : []),
    );
    const { stdout } = await promisify(execFile)("native/build/Release/load", words);
    return JSON.parse(stdout) as Load;
  } catch (error) {
    const { code } = error as { code?: number };
    if (code === 1) return null;
    throw error;
  } finally {
    await server.stop();
  }
}

function row(each: Measured): (string | number)[] {
  const { contestant, clients, processorPerClient, processor, lateMs, residentKb, ownLatestMs } = each;
  return [
    `${contestant}, ${clients}`,
    percent(processorPerClient),
    percent(processor),
    lateMs.p50.toFixed(3),
    lateMs.p999.toFixed(2),
    lateMs.max.toFixed(2),
    Math.round(residentKb / 1024),
    ownLatestMs.toFixed(2),
  ];
}

const capacityColumns = ["", "on time (p99.9)", "by its cost", "times Jamulus -F by cost"];

/** By what was on time, and by what each client costs at the largest number that all of them carried on time. */
function capacities(measured: readonly Measured[]): (string | number)[][] {
  return [false, true].flatMap((ownMix) => {
    const these = measured.filter((each) => each.ownMix === ownMix);
    const onTime = (name: string) =>
      these.filter((each) => each.contestant === name && each.lateMs.p999 <= bearableMs);
    const most = (name: string) => Math.max(0, ...onTime(name).map(({ clients }) => clients));
    const common = Math.min(most(ours.name), most("Jamulus -F")) || (steps[0] ?? 0);
    const cost = (name: string) =>
      these.find((each) => each.contestant === name && each.clients === common)?.processorPerClient ??
      Number.NaN;
    return contestants.map(({ name }) => [
      `${name}, ${ownMix ? "own mixes" : "equal faders"}`,
      most(name),
      Math.floor(1 / cost(name)),
      (cost("Jamulus -F") / cost(name)).toFixed(2),
    ]);
  });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
