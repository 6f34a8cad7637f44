// A light answers a finger at once, also while the box plays.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ButtonName } from "../../src/core/event.js";
import { TestBox } from "../support/box.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { describeInKernel } from "./in-kernel.js";
import { SimulatedPi } from "./simulated-pi.js";

const presses = 50;
const mostMs = 100;

describeInKernel(
  import.meta.url,
  "a light and a finger",
  { virtualTime: true, deadlineMs: 240_000 },
  ({ before, afterEach, it }) => {
    let pi: SimulatedPi;
    let box: TestBox;
    before(async () => {
      pi = new SimulatedPi();
      const { port } = await startJamulusServer({ fastUpdate: true });
      box = await TestBox.start({
        config: `
          [[server]]
          address = "127.0.0.1:${port}"
          [audio]
          device = "hw:Loopback,0"
          period = 256
          periods = 4
        `,
      });
      await box.reaches("on its card", ({ audio }) => audio.state === "running");
      await box.press("connect");
      await box.plays();
    });
    afterEach(stopAllProcesses);

    /** A press at a moment that no blink is in step with; then how long until the light is like this. */
    async function answerMs(button: ButtonName, led: "link" | "muted", lit: boolean): Promise<number> {
      await sleep(100 + Math.random() * 300);
      pi.hold(button);
      await sleep(60);
      const atMs = performance.now();
      pi.release(button);
      while (pi.lit(led) !== lit && performance.now() < atMs + 10 * mostMs) await sleep(1);
      return performance.now() - atMs;
    }

    it(`comes within ${mostMs} ms of each of ${presses} presses of either button`, async () => {
      const late: string[] = [];
      const answers = async (what: string, button: ButtonName, led: "link" | "muted", lit: boolean) => {
        const ms = await answerMs(button, led, lit);
        if (ms > mostMs) late.push(`${what}: ${ms.toFixed(1)} ms`);
      };
      for (let press = 0; press < presses; press += 2) {
        await answers("mute", "mute", "muted", true);
        await answers("unmute", "mute", "muted", false);
        await answers("leave", "connect", "link", false);
        await box.reaches("out", ({ connection }) => connection.state === "idle");
        await answers("join", "connect", "link", true);
        await box.plays();
      }
      assert.deepEqual(late, []);
    });
  },
);
