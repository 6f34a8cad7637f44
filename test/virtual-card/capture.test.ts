// arecord hears exactly what the card's source says, in every format.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VirtualFormat } from "../../src/audio/virtual-card.js";
import { VirtualCard } from "../support/virtual-card.js";
import { runPeer } from "./peer.js";

const sampleReaders: Record<VirtualFormat, { bytes: number; read: (buffer: Buffer, at: number) => number }> =
  {
    S16_LE: { bytes: 2, read: (buffer, at) => buffer.readInt16LE(at) / 2 ** 15 },
    S24_3LE: { bytes: 3, read: (buffer, at) => buffer.readIntLE(at, 3) / 2 ** 23 },
    S24_LE: { bytes: 4, read: (buffer, at) => buffer.readInt32LE(at) / 2 ** 23 },
    S32_LE: { bytes: 4, read: (buffer, at) => buffer.readInt32LE(at) / 2 ** 31 },
    FLOAT_LE: { bytes: 4, read: (buffer, at) => buffer.readFloatLE(at) },
  };

describe("virtual card: capture", () => {
  for (const [format, { bytes, read }] of Object.entries(sampleReaders)) {
    it(`has its impulses at the frames they belong to, as ${format}`, async () => {
      const card = new VirtualCard({
        channels: { min: 3, max: 3 },
        source: { type: "impulses", interval: 1000, offset: 7 },
      });
      const frames = 48000;
      const { code, output, errors } = await runPeer(card, "arecord", [
        ...["-f", format, "-r", "48000", "-c", "3", "-s", `${frames}`],
      ]);
      assert.equal(code, 0, errors);
      assert.equal(output.length, frames * 3 * bytes);
      assert.equal(card.xruns("capture"), 0);
      const start = card.startFrame("capture");
      for (let i = 0; i < frames; i++) {
        const expected = (start + i) % 1000 === 7 ? 0.9 : 0;
        for (let channel = 0; channel < 3; channel++) {
          const sample = read(output, (i * 3 + channel) * bytes);
          if (Math.abs(sample - expected) > 2 ** -15)
            assert.fail(`${sample} at frame ${start + i}, not ${expected}`);
        }
      }
      card.remove();
    });
  }

  it("hears its tune at a musical level", async () => {
    const card = new VirtualCard({ source: { type: "tune" } });
    const args = ["-f", "FLOAT_LE", "-r", "48000", "-c", "2", "-s", "48000"];
    const { code, output, errors } = await runPeer(card, "arecord", args);
    assert.equal(code, 0, errors);
    const samples = new Float32Array(new Uint8Array(output).buffer);
    const peak = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
    assert.ok(peak > 0.05 && peak < 0.708, `peak ${peak}`);
    card.remove();
  });

  it("loops a file in step with its frames", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-sound-"));
    const path = join(folder, "ramp.s16");
    writeFileSync(path, new Uint8Array(Int16Array.from({ length: 1000 }, (_, i) => i * 16).buffer));
    const source = { type: "file", path, format: "s16", channels: 1 } as const;
    const card = new VirtualCard({ source, channels: { min: 1, max: 1 } });
    const args = ["-f", "S16_LE", "-r", "48000", "-c", "1", "-s", "5000"];
    const { code, output, errors } = await runPeer(card, "arecord", args);
    assert.equal(code, 0, errors);
    const start = card.startFrame("capture");
    for (let i = 0; i < 5000; i++) assert.equal(output.readInt16LE(i * 2), ((start + i) % 1000) * 16);
    card.remove();
    rmSync(folder, { recursive: true });
  });
});
