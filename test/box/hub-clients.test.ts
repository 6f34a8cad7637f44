// Debian's Jamulus clients on our hub: names, chat, levels, the welcome, the recorder; and back again after a restart.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { TestHub } from "../support/hub.js";
import { type JackServer, startJack } from "../support/jack.js";
import { type JamulusClient, startJamulusClient } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { sines } from "../support/test-signal.js";
import { VirtualCard } from "../support/virtual-card.js";

/** A client that never acknowledges is waited for so long. */
const patienceMs = 2000;

describe("a hub with real Jamulus clients and a box", function () {
  this.timeout(90_000);
  let jack: JackServer;
  let recordings: string;
  let card: VirtualCard;
  let hub: TestHub;
  let anna: JamulusClient;
  let ben: JamulusClient;
  let box: TestBox | null = null;

  before(async () => {
    recordings = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
    card = new VirtualCard({ source: sines(440, 660) });
    jack = await startJack();
    hub = await TestHub.start({ sets: ['hub.welcome="Be kind"', `hub.record_dir="${recordings}"`] });
    anna = await startJamulusClient({ server: hub, jack, name: "Anna", city: "Bern", instrument: 20 });
    await hub.serves("Anna");
    ben = await startJamulusClient({
      server: hub,
      jack,
      name: "Ben",
      audioChannels: 2,
      audioQuality: 2,
      smallBlocks: true,
    });
    await hub.serves("Anna", "Ben");
  });

  afterEach(async () => {
    await box?.stop();
    box = null;
  });

  after(async () => {
    await stopAllProcesses();
    card.remove();
    rmSync(recordings, { recursive: true });
  });

  it("has them see each other, and hear the welcome and what they say", async () => {
    const list = await ben.sees(["Anna", "Ben"]);
    assert.deepEqual(
      list.map(({ name, city, instrumentId }) => [name, city, instrumentId]),
      [
        ["Anna", "Bern", 20],
        ["Ben", "", 0],
      ],
    );
    await anna.sees(["Anna", "Ben"]);
    await anna.hears("Server Welcome Message:</b> Be kind");
    await ben.say("good <b>evening</b>");
    assert.match(await anna.hears("evening"), /<b>Ben<\/b>.*good &lt;b&gt;evening&lt;\/b&gt;$/);
  });

  it("lets a box in among them, whose sound they see", async () => {
    box = await startBoxAt(hub, { card });
    await box.press("connect");
    await box.plays();
    const { connection, privacy } = await box.reaches("in company", (status) => {
      return status.connection.clients.map(({ name }) => name).join() === "Anna,Ben,Box";
    });
    assert.equal(connection.welcome, "Be kind");
    assert.equal(privacy.recording, "no");
    // Unknown where a busy machine took too long to answer.
    assert.notEqual(privacy.serverMayRecord, "no");
    await anna.sees(["Anna", "Ben", "Box"]);
    await anna.rpc.notification("jamulusclient/channelLevelListReceived", ({ channelLevelList }) => {
      const [silent, silentToo, loud] = channelLevelList as number[];
      return silent === 0 && silentToo === 0 && loud !== undefined && loud >= 5;
    });
    for (const { format } of (await hub.status()).clients) assert.ok(format !== null);
    await box.stop();
    await hub.serves("Anna", "Ben");
  });

  it("records once all have acknowledged that they know, and tells when it does no more", async () => {
    box = await startBoxAt(hub, { card });
    await box.press("connect");
    await box.plays();
    await hub.serves("Anna", "Ben", "Box");
    const startedAt = performance.now();
    await hub.box.control.call("record", { wish: "start" });
    const { clients } = await hub.reaches("recording", ({ writing }) => writing);
    // Jamulus 3.9.1 tells nobody what it shows of it; that it has read it is why nobody was waited for.
    assert.ok(performance.now() - startedAt < patienceMs, "somebody did not acknowledge it");
    assert.deepEqual(
      clients.map(({ recorded }) => recorded),
      [true, true, true],
    );
    assert.deepEqual((await hub.box.status()).panel.leds, { link: "on", rec: "on", mute: "off" });
    const { panel } = await box.reaches("recorded", ({ privacy }) => privacy.recording === "yes");
    assert.equal(panel.leds.rec, "on");
    // As a finger on the hub's own button does it.
    await hub.box.control.call("press", { button: "connect", holdMs: 2200 });
    await hub.reaches("recording no more", ({ writing }) => !writing);
    await box.reaches("recorded no more", ({ privacy }) => privacy.recording === "no");
    assert.equal((await hub.box.status()).panel.leds.rec, "off");
    await box.stop();
    await hub.serves("Anna", "Ben");
  });

  it("has them back after a restart, and after a power cut", async () => {
    assert.equal(await hub.box.stop(), "exit 0");
    hub = await TestHub.start({ port: hub.port });
    await hub.serves("Anna", "Ben");
    await hub.box.process.kill();
    hub = await TestHub.start({ port: hub.port });
    await hub.serves("Anna", "Ben");
    await ben.sees(["Anna", "Ben"]);
    await ben.say("there you are");
    await anna.hears("there you are");
  });
});
