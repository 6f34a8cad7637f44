// Virtual time is exact: what a box and a real server do in it, they do again, to the last digit.

import assert from "node:assert/strict";
import type { WayFigures } from "../bench/race/way.js";
import { buildTimeoutMs, runInKernel, testKernel } from "./kernel.js";

/** Two on each eighth of a block, with both resamplers at work. */
const measurement = "way 200 auto 16";
/** Loose: what it takes besides the card's two periods and the codec's two blocks may be spent anew, but not doubled. */
const mostMs = 12;

describe("a measurement in virtual time", function () {
  this.timeout(300_000);
  let folder = "";

  before(async function () {
    this.timeout(buildTimeoutMs);
    const kernel = await testKernel();
    if ("folder" in kernel) folder = kernel.folder;
    else {
      console.log(`      no test kernel: ${kernel.missing}`);
      this.skip();
    }
  });

  it("is the same to the last digit when it is made again, and has no trouble in it", async () => {
    const [first, second] = [await measured(), await measured()];
    assert.deepEqual(second, first);
    const { impulses, heard, concealed, xruns, latencyMs } = first;
    assert.deepEqual(
      { impulses, heard, concealed, xruns },
      { impulses: 16, heard: 16, concealed: 0, xruns: 0 },
    );
    assert.ok(latencyMs < mostMs, `${latencyMs} ms`);
  });

  async function measured(): Promise<WayFigures> {
    const command = `${process.execPath} dist/test/bench/race/quiet-in-guest.js ${measurement}`;
    const run = await runInKernel(folder, command, { virtualTime: true, deadlineMs: 120_000 });
    assert.notEqual(run.outcomes, "", run.console);
    return JSON.parse(run.outcomes) as WayFigures;
  }
});
