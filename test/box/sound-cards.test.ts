// Sound over cards of all kinds: sample formats, numbers of channels, lengths of a period.

import assert from "node:assert/strict";
import type { VirtualFormat } from "../../src/audio/virtual-card.js";
import { channelOf, peak } from "../support/analysis.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { SoundingBox } from "../support/sounding-box.js";
import { losses, sines, toneFaults, tones } from "../support/test-signal.js";

interface Kind {
  readonly format: VirtualFormat;
  readonly channels: number;
  readonly periodFrames: number;
}

const kinds: readonly Kind[] = [
  { format: "S16_LE", channels: 2, periodFrames: 32 },
  { format: "S24_3LE", channels: 2, periodFrames: 48 },
  { format: "S24_LE", channels: 8, periodFrames: 64 },
  { format: "S32_LE", channels: 2, periodFrames: 128 },
  { format: "FLOAT_LE", channels: 1, periodFrames: 256 },
  { format: "S16_LE", channels: 1, periodFrames: 64 },
  { format: "S32_LE", channels: 8, periodFrames: 200 },
];

/** Must not be heard: what else an 8-channel card hears on its third and further inputs. */
const otherInputs = [880, 990, 1100, 1210, 1320, 1430];

const stretchFrames = 9600;
const periods = 8;
/**
 * A box may begin with up to a period too much, and shortens that by playing 0.08 % faster (native/src/clock/correction.h):
 * nobody hears it, but until it is done a window of tones has it for noise.
 */
const settlingFrames = (periodFrames: number) => periodFrames / 0.0008;

describe("cards", () => {
  let server: JamulusServer;
  let sounding: SoundingBox;

  before(async () => {
    server = await startJamulusServer();
  });
  afterEach(() => sounding.stop());
  after(stopAllProcesses);

  for (const { format, channels, periodFrames } of kinds) {
    it(`${format}, ${channels} channel${channels === 1 ? "" : "s"}, periods of ${periodFrames} frames`, async () => {
      const frequencies = [...tones, ...otherInputs].slice(0, channels);
      const range = { min: channels, max: channels };
      sounding = await SoundingBox.start(
        server,
        { source: sines(...frequencies), formats: [format], channels: range },
        ["audio.jitter=12", `audio.period=${periodFrames}`, `audio.periods=${periods}`],
      );
      const { state, device, note, ...settled } = sounding.atStart.audio;
      assert.deepEqual(
        { state, device, note },
        { state: "running", device: sounding.card.device, note: null },
      );
      assert.deepEqual([settled.periodFrames, settled.periods], [periodFrames, periods]);

      const from = (await sounding.join()) + settlingFrames(periodFrames);
      const found = await sounding.listen({ from, frames: stretchFrames }, (heard) =>
        Array.from({ length: channels }, (_, channel) => channelOf(heard, channel, channels)).flatMap(
          faultsOf,
        ),
      );
      assert.deepEqual(found, []);
    });
  }

  /** The first two channels have a tone each, further ones nothing. */
  function faultsOf(sound: Float64Array, channel: number): string[] {
    if (channel > 1) return peak(sound) === 0 ? [] : [`something on channel ${channel}`];
    return toneFaults(sound, { gains: channel === 0 ? [1, 0] : [0, 1], ...losses.high });
  }
});
