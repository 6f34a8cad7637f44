// One box that is the hub and plays in it, with a real Jamulus client beside it.

import assert from "node:assert/strict";
import { channelOf } from "../support/analysis.js";
import { TestBox } from "../support/box.js";
import { freeUdpPort } from "../support/free-port.js";
import { hubOf } from "../support/hub.js";
import { startJack } from "../support/jack.js";
import { startJamulusClient } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { roomy } from "../support/sounding-box.js";
import { losses, sines, toneFaults } from "../support/test-signal.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";

const mostTries = 8;

describe("a box that is a hub, too", function () {
  this.timeout(60_000);
  let card: VirtualCard;

  beforeEach(() => {
    card = new VirtualCard({ source: sines(440, 660), playbackSeconds: 30 });
  });

  afterEach(async () => {
    await stopAllProcesses();
    card.remove();
  });

  it("plays in its own hub at a press, beside a client, and shows both", async () => {
    const port = await freeUdpPort();
    const config = `
role = "both"
[profile]
name = "Room 7"
[hub]
listen = "0.0.0.0:${port}"
[audio]
device = "${card.device}"
`;
    const box = await TestBox.start({ config, env: card.env, sets: roomy });
    const jack = await startJack();
    const anna = await startJamulusClient({ server: { port }, jack, name: "Anna" });
    await box.reaches("serving Anna", ({ hub }) => hubOf({ hub }).clients.length === 1);
    assert.equal((await box.status()).connection.state, "idle");

    await box.press("connect");
    await box.plays();
    const { connection, panel, role } = await box.reaches("in company", ({ connection }) => {
      return connection.clients.length === 2 && connection.clients.every(({ name }) => name !== "");
    });
    assert.equal(role, "both");
    assert.equal(connection.server?.name, "Room 7");
    assert.deepEqual(
      connection.clients.map(({ name }) => name),
      ["Anna", "Room 7"],
    );
    assert.equal(panel.leds.link, "on");
    assert.equal(panel.display[0], "Room 7");
    await anna.sees(["Anna", "Room 7"]);

    let from = card.currentFrame("playback") + 3.3 * 48_000;
    let faults = ["not heard yet"];
    for (let tried = 0; tried < mostTries && faults.length > 0; tried += 1, from += 48_000) {
      await until("a second of sound", () => card.currentFrame("playback") > from + 53_000);
      const heard = card.played(from, from + 48_000);
      faults = [
        ...toneFaults(channelOf(heard, 0), { gains: [1, 0], ...losses.high }),
        ...toneFaults(channelOf(heard, 1), { gains: [0, 1], ...losses.high }),
      ];
    }
    assert.deepEqual(faults, []);

    await box.press("connect");
    await box.reaches("a hub only", ({ connection, hub }) => {
      return connection.state === "idle" && hubOf({ hub }).clients.length === 1;
    });
    assert.equal(await box.stop(), "exit 0");
  });
});
