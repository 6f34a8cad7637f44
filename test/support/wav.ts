// Reads a WAV file of 16-bit PCM, as Jamulus' recorder writes it (spec 6.6).

import { readFileSync } from "node:fs";

export interface Wav {
  readonly rateHz: number;
  readonly channels: number;
  /** Interleaved. */
  readonly samples: Int16Array;
}

const headerBytes = 44;

/** Null while it is still being written: its size is entered last. */
export function readWav(path: string): Wav | null {
  const bytes = readFileSync(path);
  if (bytes.length < headerBytes || bytes.readUInt32LE(4) !== bytes.length - 8) return null;
  if (bytes.toString("latin1", 0, 4) !== "RIFF" || bytes.readUInt16LE(34) !== 16)
    throw new Error(`${path} is no WAV file of 16 bits`);
  const data = bytes.subarray(headerBytes, headerBytes + bytes.readUInt32LE(40));
  return {
    rateHz: bytes.readUInt32LE(24),
    channels: bytes.readUInt16LE(22),
    samples: new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)),
  };
}
