// A whole box with a fake engine: configuration in, engine calls out, from the first card to the goodbye.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Box, BoxParts } from "../src/box.js";
import { loadConfig } from "../src/config/load-config.js";
import type { Config } from "../src/config/schema.js";
import type { ButtonName } from "../src/core/event.js";
import type { PanelView } from "../src/core/view.js";
import { createLogger } from "../src/lib/logger.js";
import { start as startBox } from "../src/main.js";
import type { EdgeListener } from "../src/panel/panel.js";
import {
  connectionlessDatagram,
  encodeMessage,
  type QueuedMessage,
  sealEnvelope,
} from "../src/protocol/index.js";
import type { ProcessEnd } from "../src/system/process-end.js";
import { busyCard, card } from "./support/box-state.js";
import { FakeEngine } from "./support/fake-engine.js";
import { FakeMixer } from "./support/fake-mixer.js";
import { freeUdpPort } from "./support/free-port.js";
import { ManualClock } from "./support/manual-clock.js";
import { until } from "./support/until.js";

const server = { address: "127.0.0.1", port: 22999 };

describe("box", () => {
  let folder: string;
  let clock: ManualClock;
  let engine: FakeEngine;
  let log: string;
  /** Of the server's messages. */
  let counter: number;
  let processEnd: ProcessEnd;
  let box: Box;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-box-"));
    clock = new ManualClock(5000);
    log = "";
    counter = 0;
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });

  it("opens the configured card and tells the engine how to sound", async () => {
    await start("audio.device=hw:7", "audio.period=128", "audio.channels=mono", "audio.input_gain_db=-3");
    await cardIs("running");
    assert.deepEqual(engine.asked, [
      "setChannelMode mono",
      "setInputGainDb -3",
      "setJitter auto",
      "openCard hw:7 128 x 2",
    ]);
    assert.equal(box.status().connection.state, "idle");
  });

  it("opens the card that was picked where none is configured", async () => {
    await start();
    await cardIs("running");
    assert.ok(engine.asked.includes("openCard hw:1 32 x 2"));
  });

  it("lives on without a card, says so once, and takes it when it comes", async () => {
    await start("audio.device=hw:1", { cardFails: true });
    await cardIs("failed");
    const opened = () => engine.calls.filter(({ call }) => call === "openCard").length;
    for (let attempts = 2; attempts <= 6; attempts++) {
      clock.advance(1000);
      await until("the next attempt", () => opened() === attempts && clock.pending > 0);
    }
    assert.equal(log.match(/no sound card: hw:1/g)?.length, 1);
    engine.cardResult = { ok: true, card };
    clock.advance(1000);
    await cardIs("running");
  });

  it("lives on where no card is to be found at all", async () => {
    await start({ parts: { pickCard: () => null } });
    assert.equal(box.status().audio.state, "failed");
    assert.match(box.status().audio.note ?? "", /no sound card found/);
  });

  it("shows what the updater of its card is at, as long as it is news", async () => {
    const updateStatus = join(folder, "update.json");
    writeFileSync(updateStatus, '{"state":"done","version":"0.2.0"}');
    await start({ parts: { updateStatus } });
    const { shown } = panel();
    const text = () => shown().display.map((line) => line.text)[0];
    await until("the news", () => text() === "UPDATED");
    clock.advance(120_000);
    assert.equal(text(), "READY");
  });

  it("counts in its status what it does not understand", async () => {
    await start();
    panel().press("connect");
    await until("the join", () => engine.asked.find((call) => call.startsWith("join")));
    hear({ kind: "CLIENT_ID", channel: 4 });
    hearBytes(Uint8Array.of(0, 0, 32));
    assert.deepEqual(box.status().network.dropped, { "too-short": 1 });
  });

  it("joins by the button, plays, and says goodbye before it ends", async () => {
    await start();
    const { press, shown } = panel();
    press("connect");
    await until("the join", () => engine.asked.find((call) => call.startsWith("join")));
    assert.ok(engine.asked.includes("join 127.0.0.1:22999 with 73 bytes for 64 frames"));
    hear({ kind: "CLIENT_ID", channel: 4 });
    hear({ kind: "RECORDER_STATE", state: 3 });
    engine.tell({ kind: "audio.started", atMs: clock.nowMs() });
    const { connection, privacy } = box.status();
    assert.deepEqual([connection.state, connection.clientId], ["connected", 4]);
    assert.equal(privacy.recording, "yes");
    assert.deepEqual(shown().leds, { link: "on", rec: "on", mute: "off" });
    press("mute");
    assert.equal(shown().leds.mute, "on");
    assert.ok(engine.asked.includes("setMuted true"));

    await stop();
    const { asked } = engine;
    assert.ok(asked.indexOf("leave") < asked.indexOf("send CLM_DISCONNECTION"));
    assert.ok(asked.indexOf("send CLM_DISCONNECTION") < asked.indexOf("close"));
    assert.equal(existsSync(join(folder, "control.sock")), false);
  });

  it("has the machine switched off once it has said goodbye, when CONNECT is held for eight seconds", async () => {
    const asked: string[] = [];
    const powerOff = () => {
      asked.push(`off, engine ${engine.asked.at(-1)}d`);
      return Promise.resolve("It will not.");
    };
    await start("panel.voice=false", { parts: { powerOff } });
    await cardIs("running");
    box.dispatch({ kind: "button.down", button: "connect" });
    clock.advance(8000);
    assert.deepEqual(asked, []);
    clock.advance(10_000);
    // The wait for the voice is the last that takes the clock.
    await until("the end", () => {
      clock.advance(1);
      return asked.length > 0;
    });
    await box.stopped;
    assert.deepEqual(asked, ["off, engine closed"]);
    assert.match(log, /It will not\./);
  });

  it("comes back to its server after a power cut", async () => {
    await start();
    box.dispatch({ kind: "connect.asked", server: { name: "Club", address: "127.0.0.1:22998" } });
    await stop();
    await start();
    assert.equal(box.status().wanted?.name, "Club");
    assert.equal(box.status().connection.state, "connecting");
  });

  it("enters into the ledger whom it told goodbye for a run that was killed", async () => {
    const server = { address: "127.0.0.1", port: 22997 };
    writeFileSync(join(folder, "place.json"), JSON.stringify({ port: await freeUdpPort(), server }));
    await start();
    const told = box.status().privacy.disclosed.map(({ what, to }) => `${what} ${to}`);
    assert.deepEqual(told, ["address 127.0.0.1:22997"]);
  });

  it("starts without what it cannot read", async () => {
    writeFileSync(join(folder, "wanted.json"), '{"name":"Cl');
    await start();
    assert.equal(box.status().wanted, null);
    assert.match(log, /wanted\.json cannot be read/);
    assert.doesNotMatch(log, /Cl/);
  });

  it("lives on when the card is pulled out", async () => {
    await start();
    await cardIs("running");
    engine.tell({ kind: "card.lost", failure: { ...busyCard, code: "ENODEV" } });
    assert.equal(box.status().audio.state, "failed");
    clock.advance(1000);
    await cardIs("running");
  });

  it("says once that it runs without realtime priority", async () => {
    await start();
    engine.tell({ kind: "realtime.refused", what: "priority", code: "EPERM" });
    assert.match(log, /no realtime priority \(EPERM\)/);
  });

  it("ends in good order upon a signal", async () => {
    await start();
    processEnd.asked();
    await box.stopped;
    assert.equal(engine.asked.at(-1), "close");
  });

  it("starts no hub and leaves no listener for signals where another box is there already", async () => {
    await start();
    let mixers = 0;
    const watched: ProcessEnd[] = [];
    const second = startBox(configuration(["role=both", "panel.voice=false"]), {
      clock,
      logger: createLogger("silent"),
      createEngine: ({ onNotice }) => new FakeEngine(() => clock.nowMs(), onNotice),
      createMixer: (options) => {
        mixers += 1;
        return new FakeMixer(options, () => clock.nowMs());
      },
      sideShell: { run: () => Promise.resolve(null), close: () => {} },
      stateFolder: folder,
      watchProcessEnd: (end) => {
        watched.push(end);
        return () => watched.pop();
      },
    });
    await assert.rejects(second, /another Plugjam is running there/);
    assert.equal(mixers, 0);
    assert.deepEqual(watched, []);
  });

  it("says goodbye even when a bug ends it", async () => {
    await start();
    panel().press("connect");
    await until("the join", () => engine.asked.find((call) => call.startsWith("join")));
    processEnd.crashed(new Error("boom"));
    const { asked } = engine;
    assert.ok(asked.includes("leave"));
    assert.ok(asked.indexOf("leave") < asked.indexOf("send CLM_DISCONNECTION"));
    assert.match(log, /"type":"Error".*a bug ends the box/);
  });

  it("logs no name, no address and no chat, whatever goes wrong", async () => {
    await start("privacy.chat=true", { cardFails: true });
    await cardIs("failed");
    panel().press("connect");
    await until("the join", () => engine.asked.find((call) => call.startsWith("join")));
    hear({ kind: "CLIENT_ID", channel: 4 });
    const ann = { channel: 5, country: 0, instrument: 0, skill: 0, name: "Ann", city: "Ulm" };
    hear({ kind: "CONN_CLIENTS_LIST", clients: [ann] });
    hear({ kind: "CHAT_TEXT", text: "a secret" });
    hear({ kind: "CHAT_TEXT", text: "<b>Server Welcome Message:</b> a secret" });
    hear({ kind: "LICENCE_REQUIRED", licenceType: 1 });
    hear({ kind: "RECORDER_STATE", state: 3 });
    box.dispatch({ kind: "chat.asked", text: "a secret" });
    const { connection } = box.status();
    assert.deepEqual([connection.chat, connection.welcome], ["a secret", "a secret"]);
    assert.equal(connection.clients[0]?.name, "Ann");
    hearBytes(connectionlessDatagram({ kind: "CLM_DISCONNECTION" }));
    clock.advance(100);
    await until("the end of the session", () => log.includes("no session: closed-by-server"));
    box.dispatch({ kind: "connect.asked", server: { name: "Club", address: "club..example" } });
    await until("a server that is not found", () => log.includes("no session: not-found"));
    const details = { code: "ECONNREFUSED", address: "127.0.0.1", port: 22999 };
    processEnd.crashed(Object.assign(new Error("School: a secret: connect 127.0.0.1:22999"), details));
    await stop();
    assert.match(log, /joined.*closed-by-server.*not-found.*ECONNREFUSED.*a bug ends the box/s);
    assert.doesNotMatch(log, /secret|School|Club|club|Ann|Ulm|127\.0\.0\.1|22999/);
  });

  it("says that the way is encrypted as long as it is, and not before it knows", async () => {
    let handshakeS = 0;
    const run = (...words: readonly string[]) =>
      Promise.resolve(
        words[0] === "ip"
          ? '[{"dev":"wg0"}]'
          : `key\t${words[3] === "allowed-ips" ? "127.0.0.0/8" : handshakeS}`,
      );
    await start({ parts: { sideShell: { run, close: () => {} } } });
    const { press, shown } = panel();
    const warns = () => shown().display.some(({ text }) => text === "Not encrypted");
    press("connect");
    await until("the join", () => engine.asked.find((call) => call.startsWith("join")));
    hear({ kind: "CLIENT_ID", channel: 4 });
    assert.equal(box.status().privacy.encrypted, "no");
    assert.ok(warns());
    handshakeS = Date.now() / 1000;
    await until("the tunnel to be noticed", () => {
      clock.advance(500);
      return box.status().privacy.encrypted === "yes";
    });
    assert.ok(!warns());
    handshakeS -= 181;
    await until("the tunnel to be missed", () => {
      clock.advance(500);
      return box.status().privacy.encrypted === "no";
    });
    assert.ok(warns());
  });

  it("knows no chat unless its owner wants it, only the server's welcome", async () => {
    await start();
    panel().press("connect");
    await until("the join", () => engine.asked.find((call) => call.startsWith("join")));
    hear({ kind: "CLIENT_ID", channel: 4 });
    hear({ kind: "CHAT_TEXT", text: "a secret" });
    hear({ kind: "CHAT_TEXT", text: "<b>Server Welcome Message:</b> hello" });
    box.dispatch({ kind: "chat.asked", text: "a secret" });
    const { connection, privacy } = box.status();
    assert.deepEqual([connection.chat, connection.welcome], [null, "hello"]);
    assert.ok(!engine.asked.includes("send CHAT_TEXT"));
    assert.ok(!privacy.disclosed.some(({ what }) => what === "chat"));
  });

  interface Extras {
    readonly cardFails?: boolean;
    readonly parts?: BoxParts;
  }

  async function start(...given: readonly (string | Extras)[]): Promise<void> {
    const sets = given.filter((each) => typeof each === "string");
    const extras = Object.assign({}, ...given.filter((each) => typeof each !== "string")) as Extras;
    box = await startBox(configuration(sets), {
      clock,
      logger: createLogger("info", { write: (line) => (log += line) }),
      createEngine: ({ onNotice }) => {
        engine = new FakeEngine(() => clock.nowMs(), onNotice);
        if (extras.cardFails) engine.cardResult = { ok: false, failure: busyCard };
        return engine;
      },
      pickCard: () => "hw:1",
      sideShell: { run: () => Promise.resolve(null), close: () => {} },
      stateFolder: folder,
      watchProcessEnd: (end) => {
        processEnd = end;
        return () => {};
      },
      ...extras.parts,
    });
  }

  function configuration(sets: readonly string[]): Config {
    const result = loadConfig(null, [`control.socket=${join(folder, "control.sock")}`, ...sets]);
    assert.ok(result.ok, "the test's configuration is wrong");
    return { ...result.config, server: [{ name: "School", address: "127.0.0.1:22999" }] };
  }

  async function stop(): Promise<void> {
    const stopped = box.stop();
    // Time for the goodbye; a box that has ended already lets it pass.
    clock.advance(600);
    await stopped;
  }

  async function cardIs(state: string): Promise<void> {
    await until(`a card that is ${state}`, () => box.status().audio.state === state);
  }

  function panel() {
    let edge: EdgeListener = () => {};
    let view: PanelView | null = null;
    box.attach({ show: (next) => (view = next) }, { onEdge: (listener) => (edge = listener) });
    return {
      press(button: ButtonName): void {
        edge(button, true, clock.nowMs());
        edge(button, false, clock.nowMs());
      },
      shown: (): PanelView => view ?? assert.fail("nothing shown"),
    };
  }

  /** What the server says, as the engine would pass it on. */
  function hear(message: QueuedMessage): void {
    const { id, body } = encodeMessage(message);
    hearBytes(sealEnvelope(id, counter++ & 255, body));
  }

  function hearBytes(bytes: Uint8Array): void {
    engine.tell({ kind: "message", from: server, bytes, receivedAtMs: clock.nowMs() });
  }
});
