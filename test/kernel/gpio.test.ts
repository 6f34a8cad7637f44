// Buttons and LEDs on a real kernel's GPIO lines, by sysfs and by the character device.

import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { loadAddon } from "../../src/audio/addon.js";
import type { LedPattern } from "../../src/core/view.js";
import { systemClock } from "../../src/lib/clock.js";
import type { GpioPanel } from "../../src/panel/gpio/gpio-panel.js";
import { openGpio } from "../../src/panel/gpio/open-gpio.js";
import { describeInKernel } from "./in-kernel.js";
import { pins, SimulatedPi } from "./simulated-pi.js";

/** The whole box gets more of them: see panel.test.ts. */
const presses = 200;
const native = loadAddon();

for (const mode of ["onoff", "cdev"] as const) {
  describeInKernel(
    import.meta.url,
    `the panel's pins by ${mode}`,
    { virtualTime: true, deadlineMs: 240_000 },
    ({ before, afterEach, it }) => {
      let pi: SimulatedPi;
      let panel: GpioPanel | null = null;
      let troubles: string[] = [];
      before(() => {
        pi = new SimulatedPi();
      });
      afterEach(() => panel?.close());

      function open(as: "auto" | typeof mode = mode): GpioPanel {
        troubles = [];
        panel = openGpio({
          mode: as,
          board: "default",
          native: () => native,
          clock: systemClock,
          onTrouble: (sentence) => troubles.push(sentence),
        });
        return panel ?? assert.fail(troubles.join());
      }

      function show(link: LedPattern, rec: LedPattern, mute: LedPattern): void {
        panel?.show({ leds: { link, rec, mute }, display: [] });
      }

      const lit = () => (["link", "rec", "muted"] as const).map((led) => pi.lit(led));

      it(`loses and doubles none of ${presses} presses that bounce for 0 to 20 ms`, async () => {
        const edges: { readonly down: boolean; readonly atMs: number }[] = [];
        open().onEdge((button, down, atMs) => edges.push({ down: button === "connect" && down, atMs }));
        const startsMs: number[] = [];
        for (let press = 0; press < presses; press++) {
          startsMs.push(performance.now());
          await pi.press("connect", { bounceMs: press % 21, heldMs: 40 + (press % 7) * 10 });
          await sleep(40);
        }
        assert.deepEqual(troubles, []);
        assert.equal(edges.length, 2 * presses);
        edges.forEach(({ down }, at) => {
          assert.equal(down, at % 2 === 0, `edge ${at}`);
        });
        const latest = Math.max(
          ...startsMs.map((startMs, press) => edges[2 * press]!.atMs - sinceBoot(startMs)),
        );
        assert.ok(latest < 30, `a press was told with a time ${latest} ms after its first movement`);
      });

      it("lights LEDs, blinks them by the clock, and leaves them dark", async () => {
        open();
        show("on", "off", "on");
        assert.deepEqual(lit(), [true, false, true]);
        show("fast-blink", "on", "off");
        assert.deepEqual(lit().slice(1), [true, false]);
        let changes = 0;
        for (let step = 0, before = pi.lit("link"); step < 1000; step += 5) {
          await sleep(5);
          if (pi.lit("link") !== before) changes++;
          before = pi.lit("link");
        }
        assert.ok(changes >= 9 && changes <= 11, `${changes} changes in a second`);
        panel?.close();
        assert.deepEqual(lit(), [false, false, false]);
      });

      it("does without pins that somebody else has, and names them", async () => {
        const [button, led] = [
          new native.GpioOutput(pi.device, pins.mute, false),
          new native.GpioOutput(pi.device, pins.rec, false),
        ];
        const edges: string[] = [];
        open().onEdge((name, down) => edges.push(`${name} ${down ? "down" : "up"}`));
        assert.equal(troubles.length, 2);
        assert.match(troubles[0]!, /^the MUTE button \(GPIO 5\) is in use/);
        assert.match(troubles[1]!, /^the REC LED \(GPIO 22\) is in use/);
        show("on", "on", "on");
        assert.deepEqual(lit(), [true, false, true]);
        await pi.press("connect");
        await sleep(50);
        assert.deepEqual(edges, ["connect down", "connect up"]);
        button.close();
        led.close();
      });

      it("holds its pins while it is open, and gives them back", () => {
        const taken = () => new native.GpioOutput(pi.device, pins.link, false).close();
        open();
        assert.throws(taken, { code: "EBUSY" });
        panel?.close();
        taken();
        assert.equal(existsSync(`/sys/class/gpio/gpio${pi.base + pins.link}`), false);
      });

      if (mode === "cdev") return;

      it("is what auto takes, as long as sysfs is there", () => {
        open("auto");
        assert.equal(existsSync(`/sys/class/gpio/gpio${pi.base + pins.link}`), true);
      });

      it("takes over what a box that was killed left exported", () => {
        writeFileSync("/sys/class/gpio/export", String(pi.base + pins.link));
        open();
        assert.deepEqual(troubles, []);
        show("on", "off", "off");
        assert.deepEqual(lit(), [true, false, false]);
      });

      it("names a button that is stuck at power-on, and listens to it once it has been let go", async () => {
        pi.hold("connect");
        const edges: boolean[] = [];
        open().onEdge((_button, down) => edges.push(down));
        await sleep(10_000);
        assert.equal(troubles.length, 1);
        assert.match(troubles[0]!, /^the CONNECT button \(GPIO 6\) was down at power-on/);
        pi.release("connect");
        await sleep(50);
        assert.deepEqual(edges, []);
        await pi.press("connect");
        await sleep(50);
        assert.deepEqual(edges, [true, false]);
      });
    },
  );
}

/** `performance.now` of this moment, as CLOCK_MONOTONIC. */
function sinceBoot(performanceMs: number): number {
  return performanceMs - performance.now() + systemClock.nowMs();
}
