// Impulses through a real server in virtual time, and where on their way the time goes, part by part.

import { setTimeout as sleep } from "node:timers/promises";
import { channelOf, findImpulses, peak } from "../../support/analysis.js";
import { startJamulusServer } from "../../support/jamulus.js";
import { VirtualCard } from "../../support/virtual-card.js";
import { type Contestant, periodFrames } from "./contestants.js";
import { Relay } from "./relay.js";
import type { Road } from "./road.js";

/** In ms; they add up to the latency. */
export interface WayParts {
  /** From the card's microphone until its period is complete, and the box is woken. */
  readonly capture: number;
  /** From there until the packet leaves: a block that is not complete yet. */
  readonly block: number;
  /** Sound that the resamplers look ahead, both ways. */
  readonly resamplers: number;
  /** From packet to packet: the server's jitter buffer and its tick. */
  readonly server: number;
  /** What the road back takes at least. */
  readonly road: number;
  /** From there to the block's turn. */
  readonly jitter: number;
  /** The codec's own delay: it looks one block ahead. */
  readonly codec: number;
  /** From when the box gives it to the card to when the card plays it. */
  readonly playback: number;
}

export interface WayFigures {
  readonly impulses: number;
  /** The next four, and the parts, are of these. */
  readonly heard: number;
  readonly latencyMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
  readonly parts: WayParts;
  /** What the server says it holds for us. */
  readonly serverBlocks: number;
  readonly blocks: number;
  readonly concealed: number;
  readonly xruns: number;
}

const intervalFrames = 9_601;
const offsetFrames = 97;
/** Until fades and depths have settled. */
const settleMs = 20_000;
const unheardMs = 300;
/** No sound is longer under way. */
const patienceNs = 150_000_000n;
/** See native/src/clock/README.md and native/src/codec/README.md. */
const lookaheadFrames = 16;
const codecFrames = 64;
const pieceImpulses = 256;

interface Way {
  /** Frames of the card. */
  readonly spoken: number;
  readonly heard: number;
  readonly sentNs: bigint;
  readonly mixedNs: bigint;
  readonly roadNs: bigint;
}

/** So many impulses, one for each place in a block and again: the interval is a frame longer than whole blocks. */
export async function measureWay(
  contestant: Contestant,
  ppm: number,
  impulses: number,
  road: Road | null = null,
): Promise<WayFigures> {
  const server = await startJamulusServer({ fastUpdate: true });
  const relay = await Relay.start(server.port, road);
  const card = new VirtualCard({
    ppm,
    source: { type: "impulses", interval: intervalFrames, offset: offsetFrames },
    playbackSeconds: 90,
  });
  const playing = await contestant.start(relay, card);
  await sleep(settleMs);
  const counts = async () => ({
    xruns: card.xruns("capture") + card.xruns("playback"),
    audio: await playing.audio?.(),
  });
  const clock = new CardClock(card, ppm);
  const before = await counts();
  const heard: number[] = [];
  const first = Math.ceil((card.currentFrame("playback") - offsetFrames) / intervalFrames);
  let from = first * intervalFrames;
  for (let left = impulses; left > 0; left -= pieceImpulses) {
    await sleep((Math.min(left, pieceImpulses) * intervalFrames) / 48);
    const to = card.currentFrame("playback") - 1;
    const sound = channelOf(card.played(from, to), 0, card.channels);
    heard.push(...findImpulses(sound, Math.max(0.1, peak(sound) / 2)).map((frame) => from + frame));
    from = to;
    card.forgetBefore(from);
  }
  await sleep(unheardMs);
  const after = await counts();
  const [client] = await server.clients();
  const lead = leadFrames(card);
  const ways = waysOf(first, impulses, heard, relay, clock, road);
  const latencies = ways.map((way) => (clock.ns(way.heard) - clock.ns(way.spoken)) / 1e6);
  const parts = ways.map((way) => partsOf(way, clock, lead, ppm !== 0));
  await playing.stop();
  await relay.stop();
  await server.stop();
  card.remove();
  const made = (kind: "decoded" | "concealed") => (after.audio?.[kind] ?? 0) - (before.audio?.[kind] ?? 0);
  return {
    impulses,
    heard: ways.length,
    latencyMs: mean(latencies),
    leastMs: Math.min(...latencies),
    mostMs: Math.max(...latencies),
    parts: meanParts(parts),
    serverBlocks: client?.jitterBufferSize ?? Number.NaN,
    blocks: made("decoded") + made("concealed"),
    concealed: made("concealed"),
    xruns: after.xruns - before.xruns,
  };
}

/** When a frame's time comes, and when the box is woken: both sides of the card are started at once. */
class CardClock {
  readonly #epochNs: bigint;
  readonly #nsPerFrame: number;
  readonly #start: number;

  constructor(card: VirtualCard, ppm: number) {
    this.#epochNs = card.epochNs("playback");
    this.#nsPerFrame = 1e9 / (48_000 * (1 + ppm / 1e6));
    this.#start = card.startFrame("playback");
    if (card.startFrame("capture") !== this.#start)
      throw new Error("the card's sides were not started at once");
  }

  /** Since the card was made. */
  ns(frame: number): number {
    return frame * this.#nsPerFrame;
  }

  sinceNs(atNs: bigint): number {
    return Number(atNs - this.#epochNs);
  }

  /** The frame of the first wake-up at or after this one. */
  wake(frame: number): number {
    return this.#start + Math.ceil((frame - this.#start) / periodFrames) * periodFrames;
  }
}

/** So far ahead of what is played the box writes when it is woken. */
function leadFrames(card: VirtualCard): number {
  const now = card.currentFrame("playback");
  const queued = card.playedSpans(now, now + 16 * periodFrames)[0]?.to ?? now;
  const start = card.startFrame("playback");
  return queued - (start + Math.floor((now - start) / periodFrames) * periodFrames);
}

function waysOf(
  first: number,
  impulses: number,
  heard: readonly number[],
  relay: Relay,
  clock: CardClock,
  road: Road | null,
): readonly Way[] {
  return Array.from({ length: impulses }, (_, index) => {
    const spoken = (first + index) * intervalFrames + offsetFrames;
    const soon = (ns: number) => ns >= clock.ns(spoken) && ns < clock.ns(spoken) + Number(patienceNs);
    const sent = relay.toServer.passed.find(({ atNs }) => soon(clock.sinceNs(atNs)));
    const mixed =
      sent && relay.fromServer.passed.find(({ atNs }) => atNs >= sent.atNs && soon(clock.sinceNs(atNs)));
    const back = heard.find((frame) => soon(clock.ns(frame)));
    if (!sent || !mixed || back === undefined) return [];
    const roadNs = road?.baseNs(mixed.number) ?? 0n;
    return [{ spoken, heard: back, sentNs: sent.atNs, mixedNs: mixed.atNs, roadNs }];
  }).flat();
}

function partsOf(way: Way, clock: CardClock, lead: number, resampled: boolean): WayParts {
  // A frame is there when it is over.
  const wakeNs = clock.ns(clock.wake(way.spoken + 1));
  const givenNs = clock.ns(clock.wake(way.heard + 1 - lead));
  const sentNs = clock.sinceNs(way.sentNs);
  const arrivedNs = clock.sinceNs(way.mixedNs + way.roadNs);
  // Where no clock is mended, a place in a block stays that place, but for what the resampler keeps from before.
  const shifted = (way.heard - way.spoken) % periodFrames;
  const back = resampled || shifted === lookaheadFrames ? lookaheadFrames : 0;
  const upMs = resampled ? lookaheadFrames / 48 : 0;
  const codec = codecFrames / 48;
  return {
    capture: (wakeNs - clock.ns(way.spoken)) / 1e6,
    block: (sentNs - wakeNs) / 1e6 - upMs,
    resamplers: upMs + back / 48,
    server: Number(way.mixedNs - way.sentNs) / 1e6,
    road: Number(way.roadNs) / 1e6,
    jitter: (givenNs - arrivedNs) / 1e6 - codec - back / 48,
    codec,
    playback: (clock.ns(way.heard) - givenNs) / 1e6,
  };
}

function meanParts(parts: readonly WayParts[]): WayParts {
  const of = (part: keyof WayParts) => mean(parts.map((each) => each[part]));
  return {
    capture: of("capture"),
    block: of("block"),
    resamplers: of("resamplers"),
    server: of("server"),
    road: of("road"),
    jitter: of("jitter"),
    codec: of("codec"),
    playback: of("playback"),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
