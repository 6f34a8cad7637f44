// A whole hub with a fake mixer: configuration in, orders out; its buttons, its lights, and how it ends.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Box } from "../src/box.js";
import { loadConfig } from "../src/config/load-config.js";
import type { PanelView } from "../src/core/view.js";
import { createLogger } from "../src/lib/logger.js";
import { start as startBox } from "../src/main.js";
import type { EdgeListener } from "../src/panel/panel.js";
import { encodeMessage, isConnectionless, sealEnvelope } from "../src/protocol/index.js";
import { FakeMixer } from "./support/fake-mixer.js";
import { hubOf } from "./support/hub.js";
import { ManualClock } from "./support/manual-clock.js";

const client = { address: "127.0.0.1", port: 22134 };

describe("start-hub", () => {
  let folder: string;
  let clock: ManualClock;
  let mixer: FakeMixer;
  let box: Box;
  let view: PanelView;
  let edge: EdgeListener;
  let switchedOff: boolean;
  /** Why the mixer cannot be made; null: it can. */
  let refusal: string | null;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-hub-"));
    clock = new ManualClock(1000);
    switchedOff = false;
    refusal = null;
  });

  afterEach(async () => {
    await box.stop();
    rmSync(folder, { recursive: true });
  });

  async function start(...sets: readonly string[]): Promise<void> {
    const basics = ["role=hub", "profile.name=School", `control.socket=${join(folder, "control.sock")}`];
    const result = loadConfig(null, [...basics, "panel.gpio=off", "panel.display=off", ...sets]);
    assert.ok(result.ok, JSON.stringify(result));
    box = await startBox(result.config, {
      clock,
      logger: createLogger("silent"),
      createMixer: (options) => {
        if (refusal !== null) throw Object.assign(new Error("bind"), { code: refusal });
        mixer = new FakeMixer(options, () => clock.nowMs());
        return mixer;
      },
      stateFolder: folder,
      watchProcessEnd: () => () => {},
      powerOff: async () => {
        switchedOff = true;
        return null;
      },
    });
    box.attach({ show: (next) => (view = next) }, { onEdge: (listener) => (edge = listener) });
  }

  const shown = () => view.display.map(({ text }) => text);

  function hold(ms: number): void {
    edge("connect", true, clock.nowMs());
    clock.advance(ms);
    edge("connect", false, clock.nowMs());
  }

  /** Somebody comes in and acknowledges all it is told. */
  function join22134(): void {
    let seen = 0;
    for (let i = 0; i < 2; i += 1) mixer.arrive(client, new Uint8Array(45).fill(0x55));
    for (let sent = mixer.sent[seen]; sent; sent = mixer.sent[seen]) {
      seen += 1;
      const { id } = encodeMessage(sent.message);
      if (sent.message.kind === "ACKN" || isConnectionless(id)) continue;
      const acknowledge = encodeMessage({ kind: "ACKN", id });
      mixer.arrive(client, sealEnvelope(acknowledge.id, sent.counter, acknowledge.body));
    }
  }

  const goodbyes = () => mixer.sent.filter(({ message }) => message.kind === "CLM_DISCONNECTION").length;

  it("shows that it is up and who is here, and tells the same in its status", async () => {
    await start();
    assert.deepEqual(shown(), ["School", "NOT REC", "0 here, port 22124"]);
    join22134();
    assert.deepEqual(shown(), ["School", "NOT REC", "1 here, port 22124", "(no name)"]);
    const status = box.status();
    assert.deepEqual(status.panel, { leds: { link: "on", rec: "off", mute: "off" }, display: shown() });
    assert.equal(status.role, "hub");
    assert.equal(hubOf(status).clients.length, 1);
  });

  it("shows why it is not up, and that it is once its address is there", async () => {
    refusal = "EADDRNOTAVAIL";
    await start("hub.listen=192.168.7.7:22124");
    assert.equal(shown()[0], "NO HUB");
    assert.equal(view.leds.link, "fast-blink");
    assert.match(shown().join(" "), /192\.168\.7\.7:22124/);
    assert.match(box.record?.("start") ?? "", /not up/);
    refusal = null;
    clock.advance(5000);
    assert.equal(shown()[0], "School");
    assert.equal(view.leds.link, "on");
  });

  it("says why it does not record where there is no folder for it", async () => {
    await start();
    assert.equal(box.record?.("start"), "There is no folder to record to: set hub.record_dir.");
    hold(2500);
    assert.equal(hubOf(box.status()).recording, "unavailable");
  });

  it("sends everybody away when it is switched off by the button, and not when it is restarted", async () => {
    await start();
    join22134();
    await box.stop();
    assert.deepEqual([goodbyes(), switchedOff], [0, false]);

    await start();
    join22134();
    hold(8500);
    assert.deepEqual(shown(), ["SHUTTING DOWN", "Wait 20 seconds,", "then pull the plug."]);
    assert.deepEqual(box.status().panel.display, shown());
    await box.stopped;
    assert.deepEqual([goodbyes(), switchedOff], [1, true]);
    assert.equal(shown()[0], "SHUTTING DOWN");
    assert.deepEqual(view.leds, { link: "off", rec: "off", mute: "off" });
  });
});
