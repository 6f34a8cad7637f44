// A program of its own, started by load.ts: decodes the prompts in one folder to its standard output, and ends.

import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

import opus = require("@discordjs/opus");

import prism from "prism-media";
import { prompts } from "../../core/prompt.js";
import type { Decoded } from "./load.js";

const rateHz = 48000;
/** Where the header of an Ogg Opus stream tells how many frames to leave out at its beginning (RFC 7845, 5.1). */
const preSkipAt = 10;

/** Mono, 48 kHz. What follows the stream's end in its last packet is silence, and stays. */
async function decode(path: string): Promise<Int16Array> {
  const packets = new prism.opus.OggDemuxer();
  let preSkip = 0;
  packets.on("head", (head: Buffer) => {
    preSkip = head.readUInt16LE(preSkipAt);
  });
  packets.end(await readFile(path));
  const decoder = new opus.OpusEncoder(rateHz, 1);
  const parts: Buffer[] = [];
  for await (const packet of packets) parts.push(decoder.decode(packet as Buffer));
  const bytes = Uint8Array.from(Buffer.concat(parts));
  const samples = new Int16Array(bytes.buffer).subarray(preSkip);
  if (samples.length === 0) throw new Error("no sound in it");
  return samples.slice();
}

const lengths: number[] = [];
const troubles: string[] = [];
for (const prompt of prompts) {
  const path = `${process.argv[2]}/${prompt}.opus`;
  try {
    const samples = await decode(path);
    writeFileSync(process.stdout.fd, samples);
    lengths.push(samples.length);
  } catch (error) {
    lengths.push(0);
    troubles.push(`${path}: ${(error as Error).message}`);
  }
}
process.send?.({ lengths, troubles } satisfies Decoded, () => process.disconnect());
