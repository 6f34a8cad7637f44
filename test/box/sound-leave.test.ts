// How sound ends when its musician leaves.

import assert from "node:assert/strict";
import { channelOf, peak } from "../support/analysis.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { SoundingBox } from "../support/sounding-box.js";
import { sines } from "../support/test-signal.js";

describe("leaving in the midst of a tone", () => {
  after(stopAllProcesses);

  it("fades it out: there is no click, and soon nothing at all", async () => {
    const sounding = await SoundingBox.start(await startJamulusServer(), { source: sines(440, 660) });
    const { box, card } = sounding;
    const full = await sounding.join();
    await sounding.hear(full, full + 4800);
    const from = card.currentFrame("playback");
    await box.press("connect");
    await box.reaches("idle", ({ connection }) => connection.state === "idle");
    const heard = channelOf(await sounding.hear(from, from + 48_000), 0);
    const end = heard.findLastIndex((sample) => sample !== 0);
    assert.ok(end > 0 && end < 9600, `the last sound comes ${end} frames after the press`);
    assert.ok(peak(heard.subarray(0, end)) > 0.2, "there was a tone before");
    // A millisecond, which is a good part of the wave: cut off, it would come near 0.2.
    const last = peak(heard.subarray(end - 48, end));
    assert.ok(last < 0.03, `just before the end it still is at ${last}`);
    await sounding.stop();
  });
});
