// Every way in which sound can go to a real server and back: does it come back as it was?

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { roomy, SoundingBox } from "../support/sounding-box.js";
import {
  cycleFrames,
  type Expected,
  faults,
  mostDelayFrames,
  writeTestSignal,
} from "../support/test-signal.js";

const channelModes = ["mono", "mono-in-stereo-out", "stereo"] as const;
const qualities = ["low", "normal", "high"] as const;

type ChannelMode = (typeof channelModes)[number];
type Quality = (typeof qualities)[number];

/** Left and right are added up halved for mono, whole for both sides of mono-in-stereo-out (spec 3.5). */
const gains: Record<ChannelMode, readonly [[number, number], [number, number]]> = {
  mono: [
    [0.5, 0.5],
    [0.5, 0.5],
  ],
  "mono-in-stereo-out": [
    [1, 1],
    [1, 1],
  ],
  stereo: [
    [1, 0],
    [0, 1],
  ],
};

/**
 * How much each quality may change. Measured over all formats, at worst: noise 18, 24 and 37 dB below the tones, steps
 * of 0.009, 0.006 and 0.001; impulses, by where in a block they fall, 8, 7 and 2 dB lower.
 */
const losses: Record<Quality, Omit<Expected, "gains">> = {
  low: { noiseDb: 15, step: 0.02, impulseDb: 10 },
  normal: { noiseDb: 21, step: 0.01, impulseDb: 9 },
  high: { noiseDb: 34, step: 0.003, impulseDb: 3 },
};

/** A machine busy with other things is heard now and then, whatever the box does. */
const mostTries = 8;

describe("sound to a real server and back", function () {
  this.timeout(60_000);

  const folder = mkdtempSync(join(tmpdir(), "plugjam-signal-"));
  const signal = writeTestSignal(join(folder, "signal.f32"));
  let smallBlocks: JamulusServer;
  let largeBlocks: JamulusServer;

  before(async () => {
    smallBlocks = await startJamulusServer({ fastUpdate: true });
    largeBlocks = await startJamulusServer();
  });
  after(async () => {
    await stopAllProcesses();
    rmSync(folder, { recursive: true });
  });

  for (const mode of channelModes) {
    for (const quality of qualities) {
      describe(`${mode}, ${quality} quality`, () => {
        let small: string[];
        let large: string[];

        // At the same time: each is alone on its server, and most of it is waiting for the server's fade-in.
        before(async () => {
          [small, large] = await Promise.all([
            faultsOver(smallBlocks, 64, mode, quality),
            faultsOver(largeBlocks, 128, mode, quality),
          ]);
        });

        it("in blocks of 64 frames", () => assert.deepEqual(small, []));
        it("in blocks of 128 frames", () => assert.deepEqual(large, []));
      });
    }
  }

  describe("two blocks to a packet", () => {
    let onFastServer: string[];
    let onServer: string[];

    before(async () => {
      [onFastServer, onServer] = await Promise.all([
        faultsOver(smallBlocks, 256, "mono", "low"),
        faultsOver(largeBlocks, 256, "stereo", "high"),
      ]);
    });

    it("from a server that ticks every 64 frames", () => assert.deepEqual(onFastServer, []));
    it("from a server that ticks every 128 frames", () => assert.deepEqual(onServer, []));
  });

  /** Of the first cycle of the signal that comes back without any, or of the last that was tried. */
  async function faultsOver(
    server: JamulusServer,
    periodFrames: number,
    mode: ChannelMode,
    quality: Quality,
  ): Promise<string[]> {
    const sets = [`audio.period=${periodFrames}`, `audio.channels="${mode}"`, `audio.quality="${quality}"`];
    const sounding = await SoundingBox.start(server, { source: signal }, [...roomy, ...sets]);
    let from = Math.ceil((await sounding.join()) / cycleFrames) * cycleFrames;
    let found: string[] = [];
    for (let tried = 0; tried < mostTries; tried++, from += cycleFrames) {
      const heard = await sounding.hear(from, from + cycleFrames + mostDelayFrames);
      found = gains[mode].flatMap((channelGains, channel) =>
        faults(heard, channel, { gains: channelGains, ...losses[quality] }).map(
          (fault) => `${channel === 0 ? "left" : "right"}: ${fault}`,
        ),
      );
      if (found.length === 0) break;
    }
    if (found.length > 0) found.push(`after ${mostTries} tries and ${sounding.xruns()} xruns of the card`);
    await sounding.stop();
    return found;
  }
});
