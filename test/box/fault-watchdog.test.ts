// What a service manager hears of a whole box, and that it starts one anew whose sound or whose control hangs.

import assert from "node:assert/strict";
import { boxConfig } from "../support/box-at.js";
import { freeUdpPort } from "../support/free-port.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { preload } from "../support/preload.js";
import { stopAllProcesses } from "../support/process.js";
import { ServiceManager, type ServiceOptions } from "../support/service-manager.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";

const watchdogMs = 3_000;

/** The box's JavaScript never comes to its end upon SIGUSR2. */
const hangs = preload('process.on("SIGUSR2", () => { for (;;); });');

describe("a box under a service manager", function () {
  this.timeout(60_000);
  let server: JamulusServer;
  let card: VirtualCard;
  let manager: ServiceManager;

  before(async () => {
    server = await startJamulusServer({ fastUpdate: true });
  });

  beforeEach(() => {
    card = new VirtualCard();
  });

  afterEach(async () => {
    await manager.stop();
    card.remove();
  });

  after(stopAllProcesses);

  async function playing(options: Partial<ServiceOptions> = {}): Promise<void> {
    const config = boxConfig(server, { card });
    manager = await ServiceManager.start({
      config,
      watchdogMs,
      ...options,
      env: { ...card.env, ...options.env },
    });
    await manager.box.press("connect");
    await manager.box.plays();
  }

  const beats = () => manager.told.filter((told) => told === "WATCHDOG=1").length;

  it("says that it is ready, what it is at, that it lives and that it ends", async () => {
    await playing({ abstract: `plugjam-test-${process.pid}` });
    assert.equal(manager.told[0], "READY=1 STATUS=idle");
    await manager.box.control.call("setMuted", { muted: true });
    await until("its status", () => manager.told.includes("STATUS=connected, 1 here, recording: no"));
    const before = beats();
    await until("its heart to beat", () => beats() > before + 1);
    assert.equal(await manager.stop(), "exit 0");
    assert.ok(manager.told.includes("STOPPING=1"), manager.told.join("\n"));
    assert.deepEqual(manager.ends, []);
  });

  it("is started anew when its sound card's driver hangs, and plays again", async () => {
    await playing();
    card.setHung(true);
    await until("the manager to end it", () => manager.ends.length === 1);
    assert.deepEqual(manager.ends, ["SIGABRT"]);
    card.setHung(false);
    await (await manager.startedAgain(1)).plays();
    await server.serves(["Box"]);
  });

  it("is started anew when its JavaScript hangs, and plays again", async () => {
    await playing({ env: hangs });
    manager.box.process.signal("SIGUSR2");
    await until("the manager to end it", () => manager.ends.length === 1);
    assert.deepEqual(manager.ends, ["SIGABRT"]);
    await (await manager.startedAgain(1)).plays();
    await server.serves(["Box"]);
  });

  it("lives without a card, while that one stands still, and as a hub with nobody on it", async () => {
    card.setBusy(true);
    await playing();
    card.setBusy(false);
    await manager.box.reaches("on its card", ({ audio }) => audio.state === "running");
    card.stopClock();
    await manager.box.reaches("without its card", ({ audio }) => audio.state === "failed");
    const before = beats();
    await until("its heart to beat", () => beats() > before + 1);
    assert.deepEqual(manager.ends, []);
    await manager.stop();

    const config = `role = "hub"\n[hub]\nlisten = "127.0.0.1:${await freeUdpPort()}"\n`;
    manager = await ServiceManager.start({ config, watchdogMs });
    await until("the hub's heart to beat", () => beats() > 1);
    assert.equal(manager.told[0], "READY=1 STATUS=up, 0 here, recording: no");
    assert.deepEqual(manager.ends, []);
  });
});
