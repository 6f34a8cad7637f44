// The display of the unchanged box on a real I2C bus: errors, pulling it out, plugging it in again, and the other chip.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { TestBox } from "../support/box.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";
import { describeInKernel, type GuestSuite } from "./in-kernel.js";
import { seeDisplay } from "./seen.js";
import { simulatedDisplay } from "./simulated-pi.js";

const startBox = (device = "no such card") =>
  TestBox.start({
    config: `
      [[server]]
      name = "Cellar"
      address = "127.0.0.1"
      [audio]
      device = "${device}"
      period = 256
      periods = 4
      [panel]
      gpio = "off"
    `,
  });

const title = "NO SOUND CARD";

function suite({ afterEach, it }: GuestSuite): void {
  let box: TestBox;
  afterEach(stopAllProcesses);

  const well = () => box.reaches("well again", ({ troubles }) => troubles.length === 0);

  it("shows what the status says, and is dark when the box has ended", async () => {
    box = await startBox("hw:Loopback,0");
    await seeDisplay(box, "READY", "Cellar");
    assert.equal(await box.stop(), "exit 0");
    assert.equal(simulatedDisplay.state().on, 0);
  });

  it("shows it also when transfers fail in between", async () => {
    box = await startBox();
    await seeDisplay(box, title);
    for (const failures of [1, 2, 3]) {
      simulatedDisplay.failNext(failures);
      const failed = () => simulatedDisplay.failuresToCome() === 0;
      await until("the failures", failed, { deadlineMs: 60_000, everyMs: 100 });
      await seeDisplay(box, title);
    }
    await well();
  });

  it("may be pulled out and plugged in again", async () => {
    box = await startBox();
    await seeDisplay(box, title);
    simulatedDisplay.unplug();
    const told = await box.reaches("missing its display", ({ troubles }) => troubles.length > 0);
    assert.match(told.troubles.join(), /No display at 0x3c on \/dev\/i2c-1/);
    await sleep(30_000);
    simulatedDisplay.plugIn();
    await seeDisplay(box, title);
    await well();
  });

  it("may lose its power for so short a time that nobody notices", async () => {
    box = await startBox();
    await seeDisplay(box, title);
    simulatedDisplay.plugIn();
    assert.equal(simulatedDisplay.state().on, 0);
    await seeDisplay(box, title);
  });

  it("may be plugged in when the box has long been running without", async () => {
    simulatedDisplay.unplug();
    box = await startBox();
    await sleep(60_000);
    assert.deepEqual((await box.status()).troubles, []);
    simulatedDisplay.plugIn();
    assert.equal(simulatedDisplay.state().on, 0);
    await seeDisplay(box, title);
  });
}

describeInKernel(import.meta.url, "a display, SSD1306", { virtualTime: true, deadlineMs: 300_000 }, suite);
describeInKernel(
  import.meta.url,
  "a display, SH1106",
  { virtualTime: true, deadlineMs: 300_000, display: "sh1106=1" },
  suite,
);
