// Measures on recorded sound: sines taken out by least squares, what is left, and where impulses are.

const rateHz = 48000;

export interface SineFit {
  /** Of each frequency asked for, 1 = full scale. */
  readonly amplitudes: readonly number[];
  /** The sound without them. */
  readonly residual: Float64Array;
}

/** One channel of interleaved sound. */
export function channelOf(interleaved: Float32Array, channel: number, channels = 2): Float64Array {
  return Float64Array.from({ length: interleaved.length / channels }, (_, frame) => {
    return interleaved[frame * channels + channel] ?? 0;
  });
}

/** The sines of these frequencies (Hz), of any phase, that leave the least energy when taken out. */
export function fitSines(sound: Float64Array, frequencies: readonly number[]): SineFit {
  const waves = frequencies.flatMap((hertz) => {
    const angle = (2 * Math.PI * hertz) / rateHz;
    return [
      sound.map((_, frame) => Math.sin(angle * frame)),
      sound.map((_, frame) => Math.cos(angle * frame)),
    ];
  });
  const weights = solve(
    waves.map((one) => waves.map((other) => dot(one, other))),
    waves.map((wave) => dot(wave, sound)),
  );
  const residual = sound.map((sample, frame) =>
    waves.reduce((rest, wave, index) => rest - at(weights, index) * at(wave, frame), sample),
  );
  const amplitudes = frequencies.map((_, index) =>
    Math.hypot(at(weights, 2 * index), at(weights, 2 * index + 1)),
  );
  return { amplitudes, residual };
}

/** Root of the mean square. */
export function rms(sound: Float64Array): number {
  return Math.sqrt(dot(sound, sound) / sound.length);
}

/** The largest magnitude. */
export function peak(sound: Float64Array): number {
  return sound.reduce((largest, sample) => Math.max(largest, Math.abs(sample)), 0);
}

/** The frame of each impulse: the largest sample of every spot where the magnitude passes `threshold`. */
export function findImpulses(sound: Float64Array, threshold: number, apartFrames = 480): number[] {
  const found: number[] = [];
  sound.forEach((sample, frame) => {
    if (Math.abs(sample) < threshold) return;
    const last = found.at(-1);
    if (last === undefined || frame - last >= apartFrames) found.push(frame);
    else if (Math.abs(sample) > Math.abs(at(sound, last))) found[found.length - 1] = frame;
  });
  return found;
}

/** Of an amplitude, in dBFS; silence is -Infinity. */
export function decibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * at(b, index), 0);
}

/** Gauss-Jordan; the matrix of a fit is symmetric and positive, so no pivot is zero. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, index) => [...row, at(right, index)]);
  rows.forEach((row, pivot) => {
    const scale = at(row, pivot);
    row.forEach((value, column) => {
      row[column] = value / scale;
    });
    for (const other of rows) {
      if (other === row) continue;
      const factor = at(other, pivot);
      other.forEach((value, column) => {
        other[column] = value - factor * at(row, column);
      });
    }
  });
  return rows.map((row) => row.at(-1) ?? Number.NaN);
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? Number.NaN;
}
