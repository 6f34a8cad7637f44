// `npm run soak -- [--minutes 30] [--seed 1] [--slack 1] [--json FILE]`: a whole box lives through faults by chance.

import { readdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { tableText } from "../bench/report.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { startJamulusServer } from "../support/jamulus.js";
import { TestNetwork } from "../support/network.js";
import { stopAllProcesses } from "../support/process.js";
import { residentMb } from "../support/process-cost.js";
import { Random } from "../support/random.js";
import { VirtualCard } from "../support/virtual-card.js";
import { type Fault, faults, type Ground, isPlaying, serverArgs } from "./faults.js";
import { failures, type Recovery, type Soak, tables, type Vitals } from "./report.js";

/** Music between two faults. */
const calmMs = { least: 2_000, more: 8_000 };

/** A box that is not back by then is never back. */
const givenUpMs = 60_000;

/** Louder than this is music: the tune that the card hears, and the server sends back. */
const musicDb = -50;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    slack: { type: "string", default: "1" },
    json: { type: "string" },
  },
});

async function soak(minutes: number, seed: number): Promise<Soak> {
  const random = new Random(seed);
  const card = new VirtualCard({ source: { type: "tune" } });
  const network = await TestNetwork.create();
  const server = await startJamulusServer({ fastUpdate: true, args: serverArgs });
  const ground: Ground = { card, network, server };
  const box = await startBoxAt(`${network?.here.v4 ?? "127.0.0.1"}:${server.port}`, {
    card,
    wrap: network?.wrap ?? [],
  });
  try {
    await box.press("connect");
    await box.reaches("playing", isPlaying);
    const possible = faults.filter(({ name }) => network !== null || name !== "cable pulled");
    const begunAtMs = performance.now();
    const recoveries: Recovery[] = [];
    const vitals: Vitals[] = [];
    const atMs = () => performance.now() - begunAtMs;
    while (atMs() < minutes * 60_000) {
      await sleep(calmMs.least + random.next() * calmMs.more);
      vitals.push({ atMs: atMs(), ...vitalsOf(box) });
      const fault = random.pick(possible);
      recoveries.push(await survive(box, ground, fault, random, atMs));
    }
    const plays = await hasMusic(box);
    const clientsAtEnd = (await ground.server.clients()).length;
    return { seed, minutes: atMs() / 60_000, recoveries, vitals, plays, clientsAtEnd };
  } finally {
    await stopAllProcesses();
    network?.close();
    card.remove();
  }
}

function vitalsOf({ process: { pid } }: TestBox): Omit<Vitals, "atMs"> {
  return { residentMb: residentMb(pid), descriptors: readdirSync(`/proc/${pid}/fd`).length };
}

async function survive(
  box: TestBox,
  ground: Ground,
  fault: Fault,
  random: Random,
  atMs: () => number,
): Promise<Recovery> {
  const beganMs = atMs();
  await fault.happen(ground, random);
  const goneMs = atMs();
  await box.reaches(`back after: ${fault.name}`, isPlaying, givenUpMs);
  const recovery = { fault: fault.name, atMs: beganMs, tookMs: atMs() - goneMs };
  const [at, lasted, took] = [beganMs, goneMs - beganMs, recovery.tookMs].map((ms) => (ms / 1000).toFixed(1));
  console.error(`${at} s: ${fault.name} for ${lasted} s, back after ${took} s`);
  return recovery;
}

/** The box decodes, and what it plays can be heard. */
async function hasMusic(box: TestBox): Promise<boolean> {
  const { decoded } = (await box.status()).audio;
  try {
    await box.reaches(
      "audible",
      (status) =>
        isPlaying(status) &&
        status.audio.decoded > decoded + 1_000 &&
        Math.max(...status.audio.levels.playback) > musicDb,
    );
    return true;
  } catch {
    return false;
  }
}

const result = await soak(Number(values.minutes), Number(values.seed));
for (const table of tables(result, faults)) console.log(`\n${tableText(table)}`);
const faulty = failures(result, faults, Number(values.slack));
console.log(`\n${faulty.length === 0 ? "All of it holds." : `Does not hold:\n${faulty.join("\n")}`}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ...result, failures: faulty }, null, 2)}\n`);
process.exit(faulty.length === 0 ? 0 : 1);
