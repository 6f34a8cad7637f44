// The image boots on an emulated Pi 3, with that model's device tree and from its card reader.

import assert from "node:assert/strict";
import { stopAllProcesses } from "../../support/process.js";
import { CardBox } from "../emulator/image.js";
import { Machine } from "../emulator/machine.js";

const deadlineMs = 15 * 60_000;

describe("image, on an emulated Pi 3", function () {
  this.timeout(2 * deadlineMs);
  const cards = new CardBox();
  afterEach(stopAllProcesses);
  after(() => cards.remove());

  it("reaches the ready line, with a data partition that it makes on the card", async () => {
    const card = cards.written();
    const hash = card.rootHash("a");
    const machine = Machine.bootPi3(card);
    const seconds = await machine.ready(deadlineMs);
    console.log(`      ready after ${seconds.toFixed(1)} s`);
    assert.ok(machine.console.some((line) => line.includes("making the data partition")));
    await machine.cutPower();
    assert.equal(card.rootHash("a"), hash);
  });
});
