// Finds where a recorded sine is not what it should be: the places where it jumps, and those where it only stumbles.

import { percentile } from "../bench/report.js";

/** Where a stretch of sine stands: its phase against a perfect one, in turns of -0.5 to 0.5, and its amplitude. */
interface Moment {
  readonly phase: number;
  readonly amplitude: number;
}

export interface SineFaults {
  /** Frames where the phase jumped for good: sound was left out or put in. */
  readonly slips: readonly number[];
  /** Frames of the other places: sound was made up or is missing, and goes on where it should. */
  readonly stumbles: readonly number[];
}

const rateHz = 48_000;
const windowFrames = 480;
const hopFrames = 240;
/** What is nearer to each other is heard as one. */
const apartHops = 10;
/** A block of 64 frames is 0.59 turns at 440 Hz; a resampler that catches up at 1000 ppm, 0.02 turns in 50 ms. */
const slipTurns = 0.05;
const stumbleTurns = 0.02;
const stumbleAmplitude = 0.12;

/** One channel that should be a sine of this frequency all along, of whatever level. */
export function sineFaults(sound: Float64Array, hertz: number): SineFaults {
  const moments: Moment[] = [];
  for (let frame = 0; frame + windowFrames <= sound.length; frame += hopFrames)
    moments.push(momentAt(sound, frame, hertz));
  const usual = percentile(
    moments.map(({ amplitude }) => amplitude),
    0.5,
  );
  const odd = moments.flatMap((moment, index) => {
    const before = moments[index - 1] ?? moment;
    const jumps = Math.abs(turned(moment.phase - before.phase)) > stumbleTurns;
    const fades = Math.abs(moment.amplitude / usual - 1) > stumbleAmplitude;
    return jumps || fades ? [index] : [];
  });
  const [slips, stumbles]: [number[], number[]] = [[], []];
  for (const { first, last } of groups(odd)) {
    const before = moments[first - 2] ?? moments[0];
    const after = moments[last + 2] ?? moments.at(-1);
    if (!before || !after) continue;
    const jumped = Math.abs(turned(after.phase - before.phase)) > slipTurns;
    (jumped ? slips : stumbles).push(first * hopFrames);
  }
  return { slips, stumbles };
}

function momentAt(sound: Float64Array, begin: number, hertz: number): Moment {
  let [real, imaginary] = [0, 0];
  for (let frame = begin; frame < begin + windowFrames; frame++) {
    const weight = 1 - Math.cos((2 * Math.PI * (frame - begin + 0.5)) / windowFrames);
    // The whole turns are taken off first, where a float still has them exactly.
    const angle = 2 * Math.PI * (((hertz * frame) % rateHz) / rateHz);
    const sample = (sound[frame] ?? 0) * weight;
    real += sample * Math.sin(angle);
    imaginary += sample * Math.cos(angle);
  }
  const amplitude = (2 * Math.hypot(real, imaginary)) / windowFrames;
  return { phase: Math.atan2(imaginary, real) / (2 * Math.PI), amplitude };
}

function turned(turns: number): number {
  return turns - Math.round(turns);
}

function groups(hops: readonly number[]): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  for (const hop of hops) {
    const last = found.at(-1);
    if (last && hop - last.last <= apartHops) last.last = hop;
    else found.push({ first: hop, last: hop });
  }
  return found;
}
