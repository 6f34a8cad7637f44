// A sound card that comes back under another name or in another socket, and one that stumbles all the time: music within 2 s.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { preload } from "../support/preload.js";
import { stopAllProcesses } from "../support/process.js";
import { Random } from "../support/random.js";
import { rounds, within } from "../support/rounds.js";
import { VirtualCard } from "../support/virtual-card.js";

const backMs = within(2_000);

/** As if the kernel had these cards: the devices that a file names. */
function kernelCards(file: string): NodeJS.ProcessEnv {
  return preload(`
    import { readFileSync } from "node:fs";
    import { createRequire } from "node:module";
    const addon = createRequire(process.cwd() + "/")("./native/build/Release/plugjam.node");
    addon.listDevices = () => readFileSync(${JSON.stringify(file)}, "utf8").split("\\n").filter((line) => line)
      .map((device) => ({ device, name: device, capture: true, playback: true }));`);
}

describe("a box whose sound card comes and goes", function () {
  this.timeout(30_000 + rounds * 10_000);
  let server: JamulusServer;
  let folder: string;

  before(async () => {
    server = await startJamulusServer({ fastUpdate: true });
    folder = mkdtempSync(join(tmpdir(), "plugjam-cards-"));
  });

  after(async () => {
    await stopAllProcesses();
    rmSync(folder, { recursive: true });
  });

  const takes = (box: TestBox, device: string) =>
    box.reaches(`on ${device}`, ({ audio }) => audio.state === "running" && audio.device === device, backMs);

  const lacks = (box: TestBox) =>
    box.reaches("without a card", ({ audio }) => audio.state === "failed" && audio.note !== null, backMs);

  it(`is back when it is plugged in elsewhere, under another name, ${rounds} times of ${rounds}`, async () => {
    const cards = [new VirtualCard({ name: "usb1" }), new VirtualCard({ name: "usb2" })] as const;
    const list = join(folder, "devices");
    writeFileSync(list, "usb1\n");
    const env = {
      ...kernelCards(list),
      ALSA_CONFIG_PATH: cards.map(({ configPath }) => configPath).join(":"),
    };
    const box = await startBoxAt(server, { sets: ["audio.device=auto"], env });
    await box.press("connect");
    const { connection } = await box.plays();
    await takes(box, "usb1");
    const random = new Random(5);
    for (let round = 0; round < rounds; round++) {
      const [from, to] = round % 2 === 0 ? cards : ([cards[1], cards[0]] as const);
      writeFileSync(list, "");
      from.pullOut();
      const { panel } = await lacks(box);
      assert.equal(panel.display[0], "NO SOUND CARD");
      await sleep(random.below(1_500));
      to.plugIn();
      writeFileSync(list, `${to.device}\n`);
      const status = await takes(box, to.device);
      assert.equal(status.connection.joinMs, connection.joinMs);
      from.plugIn();
    }
    await box.stop();
    for (const card of cards) card.remove();
  });

  it(`is back from busy, asleep, pulled out or one side of it, ${rounds} times of ${rounds}`, async () => {
    const card = new VirtualCard();
    const box = await startBoxAt(server, { card });
    await box.press("connect");
    await box.plays();
    await takes(box, "jam0");
    const random = new Random(6);
    for (let round = 0; round < rounds; round++) {
      const sides = random.pick([["capture", "playback"], ["capture"], ["playback"]] as const);
      const end = random.pick([
        () => {
          card.pullOut(sides);
          return () => card.plugIn(sides);
        },
        () => {
          card.setSuspended(true, sides);
          return () => card.setSuspended(false, sides);
        },
        () => {
          card.setBusy(true, sides);
          card.pullOut(sides);
          card.plugIn(sides);
          return () => card.setBusy(false, sides);
        },
      ])();
      await lacks(box);
      await sleep(random.below(1_500));
      end();
      await takes(box, "jam0");
    }
    const { decoded } = (await box.status()).audio;
    await box.reaches("playing on", ({ audio }) => audio.decoded > decoded + 100);
    await box.stop();
    card.remove();
  });

  it("plays on through a storm of xruns, and counts them", async () => {
    const card = new VirtualCard();
    const box = await startBoxAt(server, { card });
    await box.press("connect");
    await box.plays();
    await takes(box, "jam0");
    const { audio, connection } = await box.status();
    for (let xrun = 0; xrun < 100; xrun++) {
      card.jump(4_800);
      await sleep(10);
    }
    const after = await takes(box, "jam0");
    assert.ok(after.audio.xruns >= audio.xruns + 50, `${after.audio.xruns - audio.xruns} xruns`);
    assert.equal(after.connection.joinMs, connection.joinMs);
    await box.reaches("playing on", (now) => now.audio.decoded > after.audio.decoded + 1_000, backMs);
    await box.stop();
    card.remove();
  });
});
