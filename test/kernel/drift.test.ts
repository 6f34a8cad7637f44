// A box whose card is fast or slow, against a real server, in virtual time: no block is ever left out, put in or made up.

import assert from "node:assert/strict";
import { ours } from "../bench/race/contestants.js";
import { drift } from "../bench/race/drift.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { describeInKernel } from "./in-kernel.js";

/** Unmended, the clocks would be a block apart four times in it, and each time be heard on both ways. */
const seconds = 30;
/** Room at the server: where it holds two blocks, by its own choice, one that it sends or gets late is heard, once in half an hour. */
const jitter = 4;
const settleSeconds = 10;
const nothing = { slips: 0, slipsAt: [], stumbles: 0, xruns: 0, concealed: 0, late: 0, lost: 0 };

describeInKernel(
  import.meta.url,
  "a card that is off, and a server",
  { virtualTime: true, deadlineMs: 300_000 },
  ({ afterEach, it }) => {
    afterEach(stopAllProcesses);

    for (const ppm of [200, -200]) {
      it(`are heard through each other without a slip, the card off by ${ppm} ppm`, async () => {
        const { port } = await startJamulusServer({ fastUpdate: true });
        const { toldPpm, ...faults } = await drift(ours("the box", { jitter }), { port }, ppm, seconds, {
          settleSeconds,
        });
        assert.deepEqual(faults, nothing);
        assert.ok(toldPpm !== null && Math.abs(toldPpm - ppm) < 3, `told: ${toldPpm} ppm`);
      });
    }
  },
);
