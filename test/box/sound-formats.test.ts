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
  faults,
  losses,
  mostDelayFrames,
  type Quality,
  writeTestSignal,
} from "../support/test-signal.js";

const channelModes = ["mono", "mono-in-stereo-out", "stereo"] as const;

type ChannelMode = (typeof channelModes)[number];

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
    for (const quality of ["low", "normal", "high"] as const) {
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
    try {
      const from = Math.ceil((await sounding.join()) / cycleFrames) * cycleFrames;
      const stretch = { from, frames: cycleFrames + mostDelayFrames, every: cycleFrames };
      return await sounding.listen(stretch, (heard) =>
        gains[mode].flatMap((channelGains, channel) =>
          faults(heard, channel, { gains: channelGains, ...losses[quality] }).map(
            (fault) => `${channel === 0 ? "left" : "right"}: ${fault}`,
          ),
        ),
      );
    } finally {
      await sounding.stop();
    }
  }
});
