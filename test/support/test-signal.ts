// A signal that tells whether a sound path is intact: two sines, then impulses by turns on the left and the right.
//
//   left   440 Hz ~~~~~~~~~~|       |       |       |
//   right  660 Hz ~~~~~~~~~~    |       |       |       |          and again

import { writeFileSync } from "node:fs";
import type { VirtualSource } from "../../src/audio/virtual-card.js";
import { channelOf, decibels, findImpulses, fitSines, peak, rms } from "./analysis.js";

export const tones = [440, 660] as const;
const toneDb = -12;
const toneLevel = 10 ** (toneDb / 20);

/** Just the tones, on and on; more frequencies are on more channels of the card. */
export function sines(...frequencies: readonly number[]): VirtualSource {
  return { type: "sine", frequencies, levelDb: toneDb };
}

const impulseLevel = 0.9;

// Whole blocks, so that each impulse of a cycle lies in its block as the one before did. The silence is not: from one
// cycle to the next they move to another place. At low quality that matters, since some places cost 13 dB.
const toneFrames = 150 * 128;
const edgeFrames = 480;
// From one sample to the next: well above what both tones together do, well below what is left of an impulse.
const leastStep = 0.07;
const impulseCount = 10;
// A codec's state after a tone is another one than after an impulse: the first on each side are coded in their own way.
const unlikeTheRest = 2;
const impulseInterval = 30 * 128;
const impulsesEnd = toneFrames + (impulseCount - 1) * impulseInterval;
const silentFrames = 90 * 128 + 45;
export const cycleFrames = impulsesEnd + silentFrames;

/** The way there and back must be shorter than the silence, for an impulse to be known by when it comes. */
export const mostDelayFrames = silentFrames - impulseInterval;

export type Quality = "low" | "normal" | "high";

/**
 * How much each quality may change. Measured over all formats, at worst: noise 18, 24 and 37 dB below the tones, steps
 * of 0.009, 0.006 and 0.001; impulses 8, 7 and 2 dB lower. At low quality an impulse can lose 13 dB where it falls
 * badly in its block; in another cycle it falls elsewhere.
 */
export const losses: Record<Quality, Omit<Expected, "gains">> = {
  low: { noiseDb: 15, step: 0.02, impulseDb: 10 },
  normal: { noiseDb: 21, step: 0.01, impulseDb: 9 },
  high: { noiseDb: 34, step: 0.003, impulseDb: 3 },
};

/** Writes the signal into a file that a virtual card can loop through. */
export function writeTestSignal(path: string): VirtualSource {
  const samples = new Float32Array(cycleFrames * 2);
  for (let frame = 0; frame < toneFrames; frame++) {
    const edge = Math.min(1, frame / edgeFrames, (toneFrames - frame) / edgeFrames);
    tones.forEach((hertz, channel) => {
      samples[2 * frame + channel] = edge * toneLevel * Math.sin((2 * Math.PI * hertz * frame) / 48000);
    });
  }
  for (let impulse = 0; impulse < impulseCount; impulse++) {
    const frame = impulseFrame(impulse);
    samples[2 * frame + (impulse % 2)] = impulseLevel;
  }
  writeFileSync(path, new Uint8Array(samples.buffer));
  return { type: "file", path, format: "float", channels: 2 };
}

/** What may be heard on one channel. */
export interface Expected {
  /** Of what is on the left and on the right; 0: it must not be heard. */
  readonly gains: readonly [number, number];
  /** How far the rest stays below the tones, in dB. */
  readonly noiseDb: number;
  /** How far the peak of an impulse, which a codec spreads, may be from what it was, in dB. */
  readonly impulseDb: number;
  /** The largest step of the rest from one sample to the next. */
  readonly step: number;
}

/**
 * What is wrong with a cycle on one channel, in words; nothing: it is intact. Give it stereo sound from a frame where
 * the card heard a cycle begin, a cycle and mostDelayFrames long. A tone must be within 1 dB, and one that must not be
 * heard 30 dB below; an impulse must come once, and to the frame as far from the others as it was.
 */
export function faults(stereo: Float32Array, channel: number, expected: Expected): string[] {
  const sound = channelOf(stereo, channel);
  const found = findImpulses(differences(sound), leastStep * Math.max(...expected.gains)).map((frame) =>
    largestNear(sound, frame),
  );
  const wanted = Array.from({ length: impulseCount }, (_, impulse) => impulse)
    .filter((impulse) => expected.gains[impulse % 2])
    .map(impulseFrame);
  if (found.length !== wanted.length) return [`impulses at ${found.join(", ") || "no frame"}`];
  const delay = (found.at(-1) ?? 0) - (wanted.at(-1) ?? 0);
  if (delay <= 0 || delay >= mostDelayFrames) return [`it is ${delay} frames late`];

  const cycle = sound.subarray(delay, delay + cycleFrames);
  const impulses = found.map((frame) => frame - delay);
  const tone = cycle.subarray(5 * edgeFrames, toneFrames - 5 * edgeFrames);
  return [...impulseFaults(cycle, impulses, wanted, expected), ...toneFaults(tone, expected)];
}

function impulseFrame(impulse: number): number {
  return toneFrames + impulse * impulseInterval;
}

function impulseFaults(
  sound: Float64Array,
  found: readonly number[],
  wanted: readonly number[],
  { gains, impulseDb }: Expected,
): string[] {
  const level = impulseLevel * Math.max(...gains);
  return wanted.flatMap((frame, index) => {
    const settling = frame < impulseFrame(unlikeTheRest);
    const misplaced = (found[index] ?? Number.NaN) - frame;
    if (!(Math.abs(misplaced) < (settling ? 128 : 1)))
      return [`the impulse at ${frame} is ${misplaced} frames late`];
    const off = decibels(peak(sound.subarray(frame - 64, frame + 64)) / level);
    return settling || Math.abs(off) <= impulseDb
      ? []
      : [`the impulse at ${frame} is off by ${off.toFixed(1)} dB`];
  });
}

/** What is wrong with sound that should be the tones and nothing else, at least 50 ms long, in words. */
export function toneFaults(
  sound: Float64Array,
  { gains, noiseDb, step }: Omit<Expected, "impulseDb">,
): string[] {
  const { amplitudes, residual } = fitSines(sound, tones);
  const faults = tones.flatMap((hertz, index) => {
    const gain = gains[index] ?? 0;
    const off = decibels((amplitudes[index] ?? 0) / toneLevel / (gain || 1));
    const right = gain === 0 ? off < -30 : Math.abs(off) <= 1;
    return right ? [] : [`${hertz} Hz is at ${off.toFixed(1)} dB of ${gain ? "its level" : "full level"}`];
  });
  const toneRms = Math.hypot(...gains) * toneLevel * Math.SQRT1_2;
  const noise = decibels(rms(residual) / toneRms);
  if (noise > -noiseDb)
    faults.push(`the rest is only ${(-noise).toFixed(1)} dB below the tones, not ${noiseDb}`);
  const largest = peak(differences(residual));
  if (largest > step) faults.push(`the rest jumps by ${largest.toFixed(4)} in the tones`);
  return faults;
}

function largestNear(sound: Float64Array, frame: number): number {
  const [largest = frame] = findImpulses(sound.subarray(frame - 32, frame + 32), 0);
  return frame - 32 + largest;
}

function differences(sound: Float64Array): Float64Array {
  return sound.map((sample, frame) => sample - (sound[frame - 1] ?? sample));
}
