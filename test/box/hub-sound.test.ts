// Two boxes on our hub hear each other: tones as they were, impulses in their places, and nothing of who is mute.

import assert from "node:assert/strict";
import { channelOf, findImpulses, peak } from "../support/analysis.js";
import { TestHub } from "../support/hub.js";
import { stopAllProcesses } from "../support/process.js";
import { SoundingBox } from "../support/sounding-box.js";
import { losses, sines, toneFaults } from "../support/test-signal.js";

const second = 48_000;
const interval = 12_000;

describe("two boxes on a hub", function () {
  this.timeout(60_000);
  let hub: TestHub;
  let boxes: SoundingBox[] = [];

  beforeEach(async () => {
    boxes = [];
    hub = await TestHub.start();
  });

  afterEach(async () => {
    for (const box of boxes) await box.stop();
    await stopAllProcesses();
  });

  async function start(
    ...args: Parameters<typeof SoundingBox.start> extends [unknown, ...infer Rest] ? Rest : never
  ) {
    const box = await SoundingBox.start({ port: hub.port }, ...args);
    boxes.push(box);
    return box;
  }

  it("hear each other's tones, and their own, as they were played", async () => {
    await Promise.all([start({ source: sines(440, 0) }), start({ source: sines(0, 660) })]);
    await Promise.all(boxes.map((box) => box.join()));
    await hub.serves("Box", "Box");
    const fromFrames = boxes.map(({ card }) => card.currentFrame("playback") + 3.3 * second);
    for (const [index, box] of boxes.entries()) {
      const from = fromFrames[index] ?? 0;
      const faults = await box.listen({ from, frames: second }, (heard) => [
        ...toneFaults(channelOf(heard, 0), { gains: [1, 0], ...losses.high }),
        ...toneFaults(channelOf(heard, 1), { gains: [0, 1], ...losses.high }),
      ]);
      assert.deepEqual(faults, []);
    }
  });

  it("hear impulses of the other at the distance at which they were played, and none while she is mute", async () => {
    const player = await start({ source: { type: "impulses", interval, offset: 0 } });
    const listener = await start({ source: { type: "silence" } });
    const [, from] = await Promise.all([player.join(), listener.join()]);
    const impulses = (heard: Float32Array) => findImpulses(channelOf(heard, 0), 0.3);
    const faults = await listener.listen({ from, frames: 2 * second }, (heard) => {
      const found = impulses(heard);
      const distances = found.slice(1).map((frame, i) => frame - (found[i] ?? 0));
      const right = found.length === 8 && distances.every((frames) => Math.abs(frames - interval) <= 2);
      return right ? [] : [`impulses at ${found.join(", ")}`];
    });
    assert.deepEqual(faults, []);

    await player.box.press("mute");
    await player.box.reaches("mute", ({ muted }) => muted.on);
    const muteFrom = listener.card.currentFrame("playback") + second;
    const heard = await listener.hear(muteFrom, muteFrom + second);
    assert.ok(peak(channelOf(heard, 0)) < 0.001, `${peak(channelOf(heard, 0))}`);
  });
});
