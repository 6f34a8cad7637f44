// In the guest, in virtual time: impulses through a real server, and where on their way the time goes.

import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { channelOf, findImpulses, peak } from "../../support/analysis.js";
import { startJamulusServer } from "../../support/jamulus.js";
import { stopAllProcesses } from "../../support/process.js";
import { VirtualCard } from "../../support/virtual-card.js";
import { type Contestant, jamulus, ours, periodFrames, periods } from "./contestants.js";
import { type DriftFigures, drift } from "./drift.js";
import { Relay, type Weather } from "./relay.js";

export interface QuietFigures {
  readonly name: string;
  readonly network: string;
  readonly impulses: number;
  readonly heard: number;
  /** Mean over the impulses, in ms; the next three add up to it. */
  readonly latencyMs: number;
  /** From the card's microphone to the packet. */
  readonly captureMs: number;
  /** From packet to packet: the server's jitter buffer and its tick. */
  readonly serverMs: number;
  /** From the packet to the card's loudspeaker: jitter buffer, periods in the card, the codec's own delay. */
  readonly playbackMs: number;
  /** Of that, what the card holds. */
  readonly cardMs: number;
  readonly xruns: number;
  readonly concealed: number | null;
}

export interface QuietDrift extends DriftFigures {
  readonly name: string;
  readonly ppm: number;
  readonly seconds: number;
}

export interface QuietOutcomes {
  readonly latencies: readonly QuietFigures[];
  readonly drifts: readonly QuietDrift[];
}

const intervalFrames = 9_601;
const offsetFrames = 97;
/** Until fades and depths have settled. */
const settleMs = 20_000;
/** One for each place in a block: the interval is a frame longer than whole blocks. */
const impulses = 64;
const unheardMs = 100;
/** No sound is longer under way. */
const patienceNs = 150_000_000n;

async function measure(contestant: Contestant, network: string, weather: Weather): Promise<QuietFigures> {
  const server = await startJamulusServer({ fastUpdate: true });
  const relay = await Relay.start(server.port, weather);
  const card = new VirtualCard({
    source: { type: "impulses", interval: intervalFrames, offset: offsetFrames },
    playbackSeconds: 60,
  });
  const playing = await contestant.start(relay, card);
  await sleep(settleMs);
  const xruns = () => card.xruns("capture") + card.xruns("playback");
  const [from, xrunsBefore, concealedBefore] = [
    card.currentFrame("playback"),
    xruns(),
    await playing.concealed(),
  ];
  const first = Math.ceil((from - offsetFrames) / intervalFrames);
  const end = from + (impulses + 1) * intervalFrames;
  await sleep(((impulses + 1) * intervalFrames) / 48 + unheardMs);
  const concealed = await playing.concealed();
  const sound = channelOf(card.played(from, end), 0, card.channels);
  const played = findImpulses(sound, peak(sound) / 2).map((frame) => nsOf(card, from + frame));
  const ways = Array.from({ length: impulses }, (_, index) => {
    const spoken = nsOf(card, (first + index) * intervalFrames + offsetFrames);
    const sent = next(relay.toServer.atNs, spoken);
    const mixed = sent && next(relay.fromServer.atNs, sent);
    const heard = next(played, spoken);
    return sent && mixed && heard ? [{ spoken, sent, mixed, heard }] : [];
  }).flat();
  await playing.stop();
  relay.stop();
  await server.stop();
  const mean = (of: (way: (typeof ways)[number]) => bigint) =>
    ways.reduce((sum, way) => sum + Number(of(way)), 0) / ways.length / 1e6;
  const figures = {
    name: contestant.name,
    network,
    impulses,
    heard: ways.length,
    latencyMs: mean(({ spoken, heard }) => heard - spoken),
    captureMs: mean(({ spoken, sent }) => sent - spoken),
    serverMs: mean(({ sent, mixed }) => mixed - sent),
    playbackMs: mean(({ mixed, heard }) => heard - mixed),
    cardMs: (periods * periodFrames) / 48,
    xruns: xruns() - xrunsBefore,
    concealed: concealed === null ? null : concealed - (concealedBefore ?? 0),
  };
  card.remove();
  return figures;
}

function nsOf(card: VirtualCard, frame: number): bigint {
  return card.epochNs("playback") + BigInt(Math.round((frame * 1e9) / 48_000));
}

function next(times: readonly bigint[], after: bigint): bigint | null {
  const found = times.find((time) => time >= after);
  return found !== undefined && found - after < patienceNs ? found : null;
}

// What support/process.ts starts keeps no program alive.
setInterval(() => undefined, 3_600_000);

const still: readonly Contestant[] = [
  ours("Plugjam, jitter auto"),
  jamulus("Jamulus, jitter auto"),
  ours("Plugjam, jitter 2", { jitter: 2 }),
  jamulus("Jamulus, jitter 2", 2),
];
const racers: readonly Contestant[] = still.slice(0, 2);
const networks: readonly (readonly [string, Weather, readonly Contestant[]])[] = [
  ["loopback", {}, still],
  ["0 to 4 ms of jitter each way", { jitterMs: 4 }, racers],
  ["1 % lost each way", { loss: 0.01 }, racers],
];
const driftSeconds = Number(process.argv[2]);
const driftsPpm = [0, 200, -200];

const latencies: QuietFigures[] = [];
const drifts: QuietDrift[] = [];
const tell = () =>
  writeFileSync("/mnt/outcomes", JSON.stringify({ latencies, drifts } satisfies QuietOutcomes));
for (const [network, weather, contestants] of networks) {
  for (const contestant of contestants) {
    latencies.push(await measure(contestant, network, weather));
    await stopAllProcesses();
    tell();
  }
}
for (const ppm of driftsPpm) {
  for (const contestant of racers) {
    const { port } = await startJamulusServer({ fastUpdate: true });
    const figures = await drift(contestant, { port }, ppm, driftSeconds);
    drifts.push({ name: contestant.name, ppm, seconds: driftSeconds, ...figures });
    await stopAllProcesses();
    tell();
  }
}
process.exit();
