// The panel of the unchanged box on real GPIO lines and a real I2C bus, by either of the kernel's GPIO interfaces.

import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestBox } from "../support/box.js";
import { freeUdpPort } from "../support/free-port.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { describeInKernel } from "./in-kernel.js";
import { seeDisplay, seeLeds } from "./seen.js";
import { pins, SimulatedPi } from "./simulated-pi.js";

const presses = 1000;
/** Between two presses: more than bounces take to settle. */
const restMs = 40;

for (const gpio of ["onoff", "cdev"] as const) {
  const title = `the panel, GPIO by ${gpio === "onoff" ? "sysfs" : "the character device"}`;
  describeInKernel(
    import.meta.url,
    title,
    { virtualTime: true, deadlineMs: 300_000 },
    ({ afterEach, it }) => {
      let pi: SimulatedPi;
      let box: TestBox;

      afterEach(async () => {
        await stopAllProcesses();
        pi.remove();
      });

      const startBox = (port: number, device = "hw:Loopback,0") =>
        TestBox.start({
          config: `
          [[server]]
          name = "Cellar"
          address = "127.0.0.1:${port}"
          [audio]
          device = "${device}"
          period = 256
          periods = 4
          [panel]
          gpio = "${gpio}"
        `,
        });

      it("joins, is recorded, mutes and leaves at a press, and shows it with lights and pixels", async () => {
        pi = new SimulatedPi();
        const port = await freeUdpPort();
        box = await startBox(port);
        await seeDisplay(box, "READY", "Cellar");
        await seeLeds(box, pi, { link: "off", rec: "off", mute: "off" });

        await pi.press("connect", { bounceMs: 10 });
        await seeDisplay(box, "JOINING", "Cellar");
        await box.reaches("joining", ({ panel }) => panel.leds.link === "slow-blink");
        await seeLeds(box, pi, { ...(await box.status()).panel.leds, link: "slow-blink" });

        const recordings = mkdtempSync(join(tmpdir(), "recordings-"));
        const server = await startJamulusServer({ port, recording: recordings });
        await box.plays();
        await seeLeds(box, pi, { link: "on", rec: "on", mute: "off" });
        await seeDisplay(box, ...(await box.status()).panel.display);
        assert.ok((await box.status()).panel.display.includes("REC"));

        await server.rpc.call("jamulusserver/stopRecording");
        await seeLeds(box, pi, { link: "on", rec: "off", mute: "off" });
        await seeDisplay(box, ...(await box.status()).panel.display);
        assert.ok((await box.status()).panel.display.includes("NOT REC"));

        await pi.press("mute", { bounceMs: 10 });
        await seeLeds(box, pi, { link: "on", rec: "off", mute: "on" });
        await seeDisplay(box, ...(await box.status()).panel.display);
        await pi.press("mute", { bounceMs: 10 });
        await seeLeds(box, pi, { link: "on", rec: "off", mute: "off" });

        await pi.press("connect", { bounceMs: 10 });
        await seeDisplay(box, "READY", "Cellar");
        await seeLeds(box, pi, { link: "off", rec: "off", mute: "off" });
        await server.serves([]);
      });

      it("has its pins, too, where they come to be after it", async () => {
        box = await startBox(await freeUdpPort());
        await box.reaches("no pins", ({ troubles }) =>
          troubles.some((each) => each.startsWith("no GPIO chip")),
        );
        pi = new SimulatedPi();
        await box.reaches("pins", ({ troubles }) => !troubles.some((each) => each.includes("GPIO")));
        await seeLeds(box, pi, { link: "off", rec: "off", mute: "off" });
        await pi.press("mute");
        await seeLeds(box, pi, { link: "off", rec: "off", mute: "on" });
      });

      it(`loses none of ${presses} presses that bounce, and doubles none`, async () => {
        pi = new SimulatedPi();
        box = await startBox(await freeUdpPort(), "no such card");
        await seeDisplay(box, "NO SOUND CARD");
        for (let press = 1; press <= presses; press++) {
          await pi.press("mute", { heldMs: 30 + (press % 30), bounceMs: press % 21 });
          await sleep(restMs);
          assert.equal(pi.lit("muted"), press % 2 === 1, `after press ${press}`);
        }
      });

      it("goes on without a pin that somebody else has taken", async () => {
        pi = new SimulatedPi({ taken: [pins.rec] });
        box = await startBox(await freeUdpPort(), "no such card");
        const { troubles } = await box.status();
        assert.equal(troubles.length, 1, troubles.join("\n"));
        assert.match(troubles[0] ?? "", /REC LED \(GPIO 22\) is in use/);
        await pi.press("mute");
        await sleep(restMs);
        assert.equal(pi.lit("muted"), true);
      });

      it("leaves the lights dark when it ends", async () => {
        pi = new SimulatedPi();
        box = await startBox(await freeUdpPort(), "no such card");
        await pi.press("mute");
        await sleep(restMs);
        assert.equal(pi.lit("muted"), true);
        assert.equal(await box.stop(), "exit 0");
        assert.deepEqual([pi.lit("link"), pi.lit("rec"), pi.lit("muted")], [false, false, false]);
      });

      // The pull-up that the character device asks for is stronger than the simulator's fingers.
      if (gpio === "cdev") return;

      it("does not take a button that is stuck at power-on for a press, until it is let go once", async () => {
        pi = new SimulatedPi();
        pi.hold("mute");
        box = await startBox(await freeUdpPort(), "no such card");
        await box.reaches("told of the stuck button", ({ troubles }) => troubles.length === 1);
        assert.equal(pi.lit("muted"), false);
        pi.release("mute");
        await sleep(restMs);
        assert.equal(pi.lit("muted"), false);
        await pi.press("mute");
        await sleep(restMs);
        assert.equal(pi.lit("muted"), true);
      });
    },
  );
}
