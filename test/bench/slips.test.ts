// The finder of slips, on sines that jump, stumble, drift and are noisy where we say so.

import assert from "node:assert/strict";
import { sineFaults } from "../support/slips.js";

const rateHz = 48_000;
const hertz = 440;

/** `shift` tells how many frames of the sine were left out before this frame. */
function sine(
  seconds: number,
  shift: (frame: number) => number,
  level = (_frame: number) => 1,
): Float64Array {
  return Float64Array.from({ length: seconds * rateHz }, (_, frame) => {
    const noise = 0.01 * Math.sin(frame * frame);
    return (
      level(frame) * 0.25 * Math.sin((2 * Math.PI * hertz * (frame + shift(frame))) / rateHz) + noise * 0.25
    );
  });
}

describe("the finder of slips", () => {
  it("finds nothing in a noisy sine", () => {
    assert.deepEqual(
      sineFaults(
        sine(4, () => 0),
        hertz,
      ),
      { slips: [], stumbles: [] },
    );
  });

  it("finds each block left out or put in", () => {
    const at = [48_000, 96_000, 100_000];
    const { slips, stumbles } = sineFaults(
      sine(4, (frame) => 64 * at.filter((jump) => frame >= jump).length),
      hertz,
    );
    assert.equal(stumbles.length, 0);
    assert.equal(slips.length, at.length);
    slips.forEach((slip, index) => {
      assert.ok(Math.abs(slip - (at[index] ?? 0)) < 1000, `${slip}`);
    });
  });

  it("tells a gap from a slip", () => {
    const gap = (frame: number) => (frame >= 90_000 && frame < 90_064 ? 0 : 1);
    const { slips, stumbles } = sineFaults(
      sine(4, () => 0, gap),
      hertz,
    );
    assert.deepEqual([slips.length, stumbles.length], [0, 1]);
  });

  it("lets a resampler catch up at 1000 ppm", () => {
    const { slips, stumbles } = sineFaults(
      sine(4, (frame) => 0.001 * frame),
      hertz,
    );
    assert.deepEqual([slips.length, stumbles.length], [0, 0]);
  });
});
