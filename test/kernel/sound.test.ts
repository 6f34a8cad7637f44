// A box on ALSA's own loopback card, and on a card of the kernel's clock, against a real server: nothing is lost.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../src/core/status.js";
import { TestBox } from "../support/box.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { describeInKernel } from "./in-kernel.js";

/** Of 64 frames at 48 kHz. */
const blocksPerMs = 0.75;

/** A third of a millisecond, and what the parts of a frame make of it. */
const leastHeadroomFrames = 20;

const none = { concealed: 0, late: 0, lost: 0 };
const lossesOf = ({ xruns, concealed, late, lost }: Status["audio"]) =>
  `${xruns} xruns, ${concealed} concealed, ${late} late, ${lost} lost`;

function startBox({ port }: { readonly port: number }, card: string, timing: string): Promise<TestBox> {
  const config = `
    [[server]]
    address = "127.0.0.1:${port}"
    [audio]
    device = "hw:${card},0"
    ${timing}
  `;
  return TestBox.start({ config });
}

describeInKernel(
  import.meta.url,
  "a box on the cards of a real kernel",
  { virtualTime: true, deadlineMs: 300_000 },
  ({ afterEach, it }) => {
    afterEach(stopAllProcesses);

    for (const [card, seconds] of [
      ["Loopback", 35],
      ["Dummy", 10],
    ] as const) {
      it(`plays ${seconds} s at 64 frames x 4 on hw:${card},0 and loses nothing`, async () => {
        const server = await startJamulusServer({ fastUpdate: true });
        const box = await startBox(server, card, "period = 64\nperiods = 4");
        const started = await box.reaches("running", ({ audio }) => audio.state === "running");
        assert.equal(started.audio.note, null);
        await sleep(10);
        const { xruns } = (await box.status()).audio;
        await box.press("connect");
        await box.plays();
        const startMs = performance.now();
        const before = (await box.status()).audio;
        const troubles: string[] = [];
        for (let second = 0, last = lossesOf({ ...before, xruns, ...none }); second <= seconds; second++) {
          if (second > 0) await sleep(1000);
          const losses = lossesOf((await box.status()).audio);
          if (losses !== last) troubles.push(`by second ${second}: ${losses}`);
          last = losses;
        }
        assert.deepEqual(troubles, []);
        const { audio, network } = await box.status();
        const passedMs = performance.now() - startMs;
        const blocks = audio.decoded - before.decoded;
        assert.ok(Math.abs(blocks - passedMs * blocksPerMs) <= 2, `${blocks} blocks in ${passedMs} ms`);
        assert.ok(network.packetsSent >= blocks, `${network.packetsSent} packets sent`);
        assert.equal(await box.stop(), "exit 0");
      });
    }

    it("leaves a card of its own accord hardly more than a third of a millisecond, and loses nothing", async () => {
      const server = await startJamulusServer({ fastUpdate: true });
      const box = await startBox(server, "Dummy", 'period = "auto"');
      const settled = ({ headroomFrames }: Status["audio"]) =>
        headroomFrames > 0 && headroomFrames <= leastHeadroomFrames;
      const { audio } = await box.reaches("left with little", (status) => settled(status.audio));
      assert.deepEqual([audio.periodFrames, audio.periods], [32, 2]);
      await box.press("connect");
      await box.plays();
      await sleep(20_000);
      const after = (await box.status()).audio;
      assert.equal(lossesOf(after), lossesOf({ ...after, xruns: audio.xruns, ...none }));
      assert.equal(await box.stop(), "exit 0");
    });
  },
);
