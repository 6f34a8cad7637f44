// Servers that go away, come late, or have no room: the box waits, says why, and plays again by itself.

import assert from "node:assert/strict";
import { startBoxAt } from "../support/box-at.js";
import { freeUdpPort } from "../support/free-port.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { VirtualCard } from "../support/virtual-card.js";

describe("a box and a server that is not always there", function () {
  this.timeout(60_000);
  let card: VirtualCard;

  beforeEach(() => {
    card = new VirtualCard();
  });

  afterEach(async () => {
    await stopAllProcesses();
    card.remove();
  });

  it("plays on, in the same session, with a server that was killed and started again", async () => {
    let server = await startJamulusServer();
    const box = await startBoxAt(server, { card });
    await box.press("connect");
    const { connection } = await box.plays();
    for (let round = 0; round < 2; round++) {
      await server.kill();
      await box.reaches("without sound", (status) => !status.connection.heard);
      const { decoded } = (await box.status()).audio;
      server = await startJamulusServer({ port: server.port });
      const again = await box.reaches("hearing again", (status) => status.connection.heard);
      assert.equal(again.connection.state, "connected");
      assert.equal(again.connection.joinMs, connection.joinMs);
      await box.reaches("decoding again", ({ audio }) => audio.decoded > decoded + 100);
      await server.serves(["Box"]);
    }
  });

  it("waits for a server that comes late, says why, and joins by itself", async () => {
    const port = await freeUdpPort();
    const box = await startBoxAt({ port }, { card });
    await box.press("connect");
    const { connection, panel, wanted } = await box.reaches(
      "waiting",
      (status) => status.connection.state === "waiting",
    );
    assert.equal(connection.reason, "The server does not answer. Trying again.");
    assert.equal(panel.leds.link, "double-blink");
    assert.equal(wanted?.address, `127.0.0.1:${port}`);
    await startJamulusServer({ port });
    const joined = await box.plays();
    assert.equal(joined.connection.reason, null);
    assert.equal(joined.panel.leds.link, "on");
  });

  it("gives up waiting at a press", async () => {
    const box = await startBoxAt({ port: await freeUdpPort() }, { card });
    await box.press("connect");
    await box.reaches("waiting", ({ connection }) => connection.state === "waiting");
    await box.press("connect");
    const { wanted } = await box.reaches("idle", ({ connection }) => connection.state === "idle");
    assert.equal(wanted, null);
  });

  it("says that a server is full, and joins when there is room", async () => {
    const server = await startJamulusServer({ args: ["--numchannels", "1"] });
    const first = await startBoxAt(server, { name: "First" });
    await first.press("connect");
    await server.serves(["First"]);
    const box = await startBoxAt(server, { card });
    await box.press("connect");
    const { connection } = await box.reaches("waiting", (status) => status.connection.state === "waiting");
    assert.equal(connection.reason, "The server is full. Trying again.");
    assert.equal(await first.stop(), "exit 0");
    await box.plays();
    await server.serves(["Box"]);
  });

  it("plays over IPv6", async () => {
    const server = await startJamulusServer({ args: ["--enableipv6"] });
    const box = await startBoxAt(`[::1]:${server.port}`, { card });
    await box.press("connect");
    const { audio } = await box.plays();
    await box.reaches("decoding", (status) => status.audio.decoded > audio.decoded + 100);
    const [served] = await server.serves(["Box"]);
    assert.match(served?.address ?? "", /::1/);
    await box.stop();
    await server.serves([]);
  });
});
