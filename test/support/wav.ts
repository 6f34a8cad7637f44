// Reads a WAV file of 16-bit PCM, as Jamulus' recorder and ours write it (spec 6.6).

import { readFileSync } from "node:fs";

export interface Wav {
  readonly rateHz: number;
  readonly channels: number;
  /** Interleaved. */
  readonly samples: Int16Array;
}

/** Null while it is still being written: its size is entered last. */
export function readWav(path: string): Wav | null {
  const bytes = readFileSync(path);
  if (bytes.length < 12 || bytes.readUInt32LE(4) !== bytes.length - 8) return null;
  const format = chunk(bytes, "fmt ");
  const data = chunk(bytes, "data");
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || format?.readUInt16LE(14) !== 16 || data === null)
    throw new Error(`${path} is no WAV file of 16 bits`);
  return {
    rateHz: format.readUInt32LE(4),
    channels: format.readUInt16LE(2),
    samples: new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)),
  };
}

function chunk(bytes: Buffer, name: string): Buffer | null {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    if (bytes.toString("latin1", at, at + 4) === name) return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length;
  }
  return null;
}
