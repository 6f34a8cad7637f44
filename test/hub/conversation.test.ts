// What clients of a hub hear of each other and of it, and how they come and go.

import assert from "node:assert/strict";
import { Hub, type HubOptions } from "../../src/hub/hub.js";
import { hasSequenceNumbers, parseVersion, transportFor, transportProps } from "../../src/protocol/index.js";
import { FakeMixer } from "../support/fake-mixer.js";
import { ManualClock } from "../support/manual-clock.js";
import { Rig, settings, stateFolder } from "./rig.js";

describe("hub: conversations", () => {
  it("lets two clients see each other", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    anna.attend();
    assert.deepEqual([anna.slot, ben.slot], [0, 1]);
    assert.deepEqual(anna.company, ["Anna", "Ben"]);
    assert.deepEqual(ben.company, ["Anna", "Ben"]);
    const { clients } = rig.hub.status();
    assert.deepEqual(
      clients.map(({ id, name, instrument, city }) => ({ id, name, instrument, city })),
      [
        { id: 0, name: "Anna", instrument: "Electric Guitar", city: "Bern" },
        { id: 1, name: "Ben", instrument: "Electric Guitar", city: "Bern" },
      ],
    );
  });

  it("serves IPv4 and IPv6 alike", () => {
    const rig = new Rig({ settings: { listen: "[::]:22124" } });
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135, "fe80::1").join();
    assert.deepEqual(anna.attend().company, ["Anna", "Ben"]);
    assert.deepEqual(ben.company, ["Anna", "Ben"]);
  });

  it("announces a version that makes clients number their blocks and fits older ones", () => {
    const rig = new Rig();
    const [told] = rig.client("Anna").join().heardOf("VERSION_AND_OS");
    assert.match(told!.version, /^3\.12\.4-plugjam-/);
    assert.ok(told!.version.length <= 30);
    assert.ok(hasSequenceNumbers(parseVersion(told!.version)!));
    assert.equal(told!.os, 2);
  });

  it("hears what a client said before it played: all else would wait for that", () => {
    const rig = new Rig();
    const anna = rig.client("Anna");
    anna.alive = false;
    anna.say(transportProps(anna.format)).say({ kind: "JITT_BUF_SIZE", blocks: 21 });
    assert.equal(anna.heard.length, 0);
    anna.play(45).play(45).attend();
    assert.deepEqual(
      anna.heard.map((message) => [message.kind, "id" in message && message.id]),
      [
        ["CLIENT_ID", false],
        ["ACKN", 20],
      ],
    );
    assert.equal(rig.orders.filter((order) => order.startsWith("setFormat")).length, 1);
  });

  it("hears nothing that was said long before", () => {
    const rig = new Rig();
    const anna = rig.client("Anna");
    anna.alive = false;
    anna.say(transportProps(anna.format));
    rig.clock.advance(1001);
    anna.play(45).play(45).attend();
    assert.deepEqual(
      anna.heard.map(({ kind }) => kind),
      ["CLIENT_ID"],
    );
  });

  it("lets nobody into the mix before profile and format are known", () => {
    const rig = new Rig();
    const anna = rig.client("Anna");
    anna.alive = false;
    anna.play(45).play(45).attend();
    for (let i = 0; i < 6; i += 1) {
      anna.acknowledge(rig.sentTo(anna.endpoint).at(-1)!);
      assert.ok(!rig.orders.some((order) => order.startsWith("admit")));
    }
    anna.say(anna.profile);
    assert.ok(!rig.orders.some((order) => order.startsWith("admit")));
    anna.say(transportProps(anna.format));
    assert.deepEqual(
      rig.orders.filter((order) => order.startsWith("admit")),
      ["admitToMix 0"],
    );
  });

  it("relays chat to everybody, with its markup escaped", () => {
    const rig = new Rig();
    const anna = rig.client('A<b>&"').join();
    const ben = rig.client("Ben", 22135).join();
    ben.say({ kind: "CHAT_TEXT", text: '<img src="x"> & so on' });
    const line =
      '<font color="red">(10:02:28 PM) <b>Ben</b></font> &lt;img src=&quot;x&quot;&gt; &amp; so on';
    assert.deepEqual(
      [anna, ben].map((client) => client.attend().heardOf("CHAT_TEXT").at(-1)?.text),
      [line, line],
    );
    anna.say({ kind: "CHAT_TEXT", text: "hi" });
    assert.equal(
      ben.attend().heardOf("CHAT_TEXT").at(-1)?.text,
      '<font color="mediumblue">(10:02:28 PM) <b>A&lt;b&gt;&amp;&quot;</b></font> hi',
    );
  });

  it("cuts a line of chat that its escapes make too long, between characters", () => {
    const rig = new Rig();
    const anna = rig.client("Anna");
    anna.splits = false;
    anna.join().say({ kind: "CHAT_TEXT", text: "&".repeat(1800) });
    const { text } = anna.heardOf("CHAT_TEXT").at(-1)!;
    assert.ok(text.length <= 1800 && text.length > 1794);
    assert.match(text, /(&amp;)+$/);
  });

  it("keeps chat to itself where the operator wants none", () => {
    const rig = new Rig({ settings: { chat: false } });
    const anna = rig.client("Anna").join();
    anna.say({ kind: "CHAT_TEXT", text: "hi" });
    assert.deepEqual(anna.heardOf("CHAT_TEXT"), []);
    assert.ok(anna.heard.some((message) => message.kind === "ACKN" && message.id === 18));
  });

  it("sends a long text in parts to who can put them together", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    anna.say({ kind: "CHAT_TEXT", text: "x".repeat(1500) });
    const parts = anna.heardOf("SPECIAL_SPLIT_MESSAGE");
    assert.deepEqual(
      parts.map(({ originalId, parts, index }) => [originalId, parts, index]),
      [
        [18, 3, 0],
        [18, 3, 1],
        [18, 3, 2],
      ],
    );
  });

  it("passes on gains and pans within their range, and tells who was muted", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    for (const gain of [1.99, 0, 0, 0.5]) anna.say({ kind: "CHANNEL_GAIN", channel: 1, gain });
    anna.say({ kind: "CHANNEL_PAN", channel: 1, pan: 1.5 });
    anna.say({ kind: "CHANNEL_GAIN", channel: 7, gain: 0 });
    assert.deepEqual(
      rig.orders.filter((order) => order.startsWith("setGain") || order.startsWith("setPan")),
      ["setGain 0 1 1", "setGain 0 1 0", "setGain 0 1 0", "setGain 0 1 0.5", "setPan 0 1 1"],
    );
    assert.deepEqual(
      ben
        .attend()
        .heardOf("MUTE_STATE_CHANGED")
        .map(({ channel, muted }) => [channel, muted]),
      [
        [0, true],
        [0, false],
      ],
    );
  });

  it("forgets who muted a slot when somebody else takes it", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    anna.say({ kind: "CHANNEL_GAIN", channel: 1, gain: 0 });
    ben.leave();
    rig.clock.advance(100);
    const carl = rig.client("Carl", 22136).join();
    assert.equal(carl.slot, 1);
    anna.attend().say({ kind: "CHANNEL_GAIN", channel: 1, gain: 0 });
    assert.deepEqual(
      carl
        .attend()
        .heardOf("MUTE_STATE_CHANGED")
        .map(({ muted }) => muted),
      [true],
    );
  });

  it("takes the smallest block that there is, of ten bytes with its number or without", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const props = transportProps(anna.format);
    for (const [flags, blockBytes] of [
      [0, 10],
      [1, 9],
    ] as const) {
      anna.say({ ...props, baseSize: 10, flags });
      assert.equal(rig.hub.status().clients[0]?.format?.blockBytes, blockBytes);
    }
  });

  it("refuses CELT by offering Opus, and formats that no client has", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const before = rig.orders.length;
    const props = transportProps(anna.format);
    anna.say({ ...props, codec: 1 });
    assert.equal(anna.heardOf("OPUS_SUPPORTED").length, 1);
    anna.say({ ...props, baseSize: 20000 });
    assert.equal(rig.orders.length, before);
    const raw = transportFor({
      blockFrames: 128,
      channels: 2,
      quality: "raw",
      blocksPerPacket: 2,
      sequenced: true,
    });
    anna.say(transportProps(raw));
    assert.deepEqual(rig.hub.status().clients[0]?.format, {
      blockFrames: 128,
      channels: 2,
      blockBytes: 512,
      blocksPerPacket: 2,
      raw: true,
    });
  });

  it("tells the depth of the jitter buffer only to who lets the network decide", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    rig.mixer.jitter(0, 8);
    anna.attend().say({ kind: "JITT_BUF_SIZE", blocks: 4 });
    rig.mixer.jitter(0, 9);
    anna.attend();
    assert.deepEqual(
      anna.heardOf("JITT_BUF_SIZE").map(({ blocks }) => blocks),
      [6, 8],
    );
    assert.deepEqual(
      rig.orders.filter((order) => order.startsWith("setJitter")),
      ["setJitter 0 auto", "setJitter 0 4"],
    );
  });

  it("tells levels about four times a second, in the order of the list", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    rig.mixer.setLevel(1, 7);
    rig.clock.advance(1000);
    const levels = ben.attend().heardOf("CLM_CHANNEL_LEVEL_LIST");
    assert.deepEqual(
      levels.map((message) => message.levels),
      [
        [0, 7],
        [0, 7],
        [0, 7],
      ],
    );
    assert.equal(anna.attend().heardOf("CLM_CHANNEL_LEVEL_LIST").length, 3);
  });

  it("answers everybody's enquiries", () => {
    const rig = new Rig({ settings: { welcome: "Hello", licence: true }, records: true });
    rig.client("Anna").join();
    const stranger = rig.client("nobody", 40000);
    stranger.say({ kind: "CLM_PING_MS", time: 77 });
    stranger.say({ kind: "CLM_PING_MS_WITHNUMCLIENTS", time: 78, clients: 0 });
    stranger.say({ kind: "CLM_REQ_VERSION_AND_OS" });
    stranger.say({ kind: "CLM_REQ_CONN_CLIENTS_LIST" });
    stranger.say({ kind: "CLM_REQ_SERVER_FEATURES" });
    stranger.say({ kind: "CLM_REQ_WELCOME_MESSAGE" });
    stranger.say({ kind: "CLM_REQ_SERVER_LIST" });
    assert.deepEqual(
      stranger.heard.map(({ kind }) => kind),
      [
        "CLM_PING_MS",
        "CLM_PING_MS_WITHNUMCLIENTS",
        "CLM_VERSION_AND_OS",
        "CLM_CONN_CLIENTS_LIST",
        "CLM_SERVER_FEATURES",
        "CLM_WELCOME_MESSAGE",
      ],
    );
    assert.equal(stranger.heardOf("CLM_PING_MS")[0]?.time, 77);
    assert.equal(stranger.heardOf("CLM_PING_MS_WITHNUMCLIENTS")[0]?.clients, 1);
    assert.deepEqual(
      stranger.heardOf("CLM_CONN_CLIENTS_LIST")[0]?.clients.map(({ name }) => name),
      ["Anna"],
    );
    assert.equal(stranger.heardOf("CLM_SERVER_FEATURES")[0]?.features, 0b101_0110_0101);
    assert.equal(stranger.heardOf("CLM_WELCOME_MESSAGE")[0]?.text, "Hello");
  });

  it("says that it speaks IPv6 where it does", () => {
    const listens = { "0.0.0.0:22124": true, "[::]:22124": true, "192.168.7.7:22124": false };
    for (const [listen, ipv6] of Object.entries(listens)) {
      const stranger = new Rig({ settings: { listen } }).client("nobody", 40000);
      stranger.say({ kind: "CLM_REQ_SERVER_FEATURES" });
      const { features = 0 } = stranger.heardOf("CLM_SERVER_FEATURES")[0] ?? {};
      assert.equal((features & 0b10_0000) !== 0, ipv6, listen);
    }
  });

  it("never answers the answer of another server", () => {
    const rig = new Rig();
    rig.client("Anna").join();
    const server = rig.client("server", 22124);
    server.say({ kind: "CLM_PING_MS_WITHNUMCLIENTS", time: 1, clients: 3 });
    assert.deepEqual(server.heard, []);
  });

  it("takes out who says goodbye, and tells the others", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    ben.leave();
    rig.clock.advance(100);
    assert.deepEqual(anna.attend().company, ["Anna"]);
    assert.deepEqual(rig.mixer.slots, [0]);
    assert.equal(rig.hub.status().counters.clients?.gone.left, 1);
  });

  it("keeps who goes on playing after a goodbye: it was not hers", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    anna.leave();
    anna.play();
    rig.clock.advance(100);
    assert.deepEqual(rig.mixer.slots, [0]);
    assert.equal(rig.hub.status().counters.clients?.falseGoodbyes, 1);
  });

  it("takes out who has been silent for half a minute, without a word to it", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    rig.clock.advance(30_000);
    anna.attend();
    ben.attend();
    const before = rig.sentTo(ben.endpoint).length;
    rig.mixer.silence(1);
    assert.deepEqual(anna.attend().company, ["Anna"]);
    assert.equal(rig.sentTo(ben.endpoint).length, before);
  });

  it("takes no old word of silence for a new client in the same slot", () => {
    const rig = new Rig();
    rig.client("Anna").join();
    rig.mixer.silence(0);
    assert.deepEqual(rig.mixer.slots, [0]);
  });

  it("goes on with a client that comes back before it was missed", () => {
    const rig = new Rig();
    rig.client("Anna").join();
    // The same address, and a program that begins to count anew.
    const again = rig.client("Annika");
    again.play(45);
    again.say(again.profile);
    again.say({ kind: "REQ_CONN_CLIENTS_LIST" });
    assert.deepEqual(again.company, ["Annika"]);
    assert.deepEqual(rig.mixer.slots, [0]);
    assert.equal(again.heardOf("CLIENT_ID").length, 0);
  });

  it("says when it is full, and takes the next one when somebody has left", () => {
    const rig = new Rig({ settings: { maxClients: 2 } });
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    const carl = rig.client("Carl", 22136).join();
    assert.deepEqual(
      carl.heard.map(({ kind }) => kind),
      ["CLM_SERVER_FULL"],
    );
    assert.deepEqual(anna.attend().company, ["Anna", "Ben"]);
    ben.leave();
    rig.clock.advance(100);
    carl.join();
    assert.equal(carl.slot, 1);
  });

  it("says goodbye to everybody when it closes for good", async () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    await rig.hub.stop("for-good");
    assert.equal(anna.attend().heardOf("CLM_DISCONNECTION").length, 1);
    assert.equal(ben.attend().heardOf("CLM_DISCONNECTION").length, 1);
    assert.equal(rig.orders.at(-1), "close");
    assert.equal(rig.clock.pending, 0);
  });

  it("says nothing when it will be back, so that everybody waits for it", async () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    await rig.hub.stop("for-a-while");
    assert.deepEqual(anna.attend().heardOf("CLM_DISCONNECTION"), []);
    assert.equal(rig.orders.at(-1), "close");
  });

  it("resends what is not acknowledged, and lets go of who never acknowledges again", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    anna.alive = false;
    for (let i = 0; i < 1200; i += 1) {
      ben.say({ kind: "CHAT_TEXT", text: "hello" });
      rig.clock.advance(150);
      ben.attend();
    }
    // Once in 400 ms, for two and a half minutes.
    assert.ok(anna.attend().heardOf("CONN_CLIENTS_LIST").length > 300);
    assert.deepEqual(rig.mixer.slots, [1]);
    assert.equal(rig.hub.status().counters.clients?.gone.unresponsive, 1);
    assert.deepEqual(ben.company, ["Ben"]);
  });

  it("logs nothing of persons", async () => {
    const rig = new Rig();
    const anna = rig.client("Anna", 22134, "192.168.7.7").join();
    anna.say({ kind: "CHAT_TEXT", text: "secret words" });
    anna.leave();
    rig.clock.advance(1000);
    await rig.hub.stop("for-good");
    assert.deepEqual(rig.warnings, []);
    assert.doesNotMatch(JSON.stringify(rig.hub.status()), /192\.168/);
  });

  it("knows no addresses in its status", () => {
    const rig = new Rig();
    rig.client("Anna", 22134, "192.168.7.7").join();
    const status = JSON.stringify(rig.hub.status());
    assert.match(status, /Anna/);
    assert.doesNotMatch(status, /192\.168\.7/);
  });

  it("tells who watches of comings and goings, not of levels", () => {
    const rig = new Rig();
    let changes = 0;
    rig.hub.onChange(() => {
      changes += 1;
    });
    const anna = rig.client("Anna").join();
    assert.ok(changes > 0);
    const before = changes;
    rig.clock.advance(5000);
    anna.say({ kind: "CHANNEL_GAIN", channel: 0, gain: 0.5 });
    assert.equal(changes, before);
  });

  it("says why it cannot start, once, and is up by itself when it can", async () => {
    const clock = new ManualClock(0);
    const log: string[] = [];
    const note = (text: unknown) => void log.push(String(text));
    let code: string | null = "EADDRNOTAVAIL";
    let changes = 0;
    const hub = new Hub({
      settings: { ...settings, listen: "192.168.7.7:22124" },
      createMixer: (options) => {
        if (code !== null) throw Object.assign(new Error("bind"), { code });
        return new FakeMixer(options, () => clock.nowMs());
      },
      clock,
      logger: { info: note, warn: note, error: note } as unknown as HubOptions["logger"],
      stateFolder: stateFolder(),
      resolve: async () => null,
    });
    hub.onChange(() => {
      changes += 1;
    });
    hub.start();
    hub.record("start");
    clock.advance(60_000);
    assert.deepEqual([hub.status().state, changes], ["failed", 1]);
    assert.equal(hub.status().trouble, "192.168.7.7:22124 cannot be had: EADDRNOTAVAIL");
    code = "EADDRINUSE";
    clock.advance(5_000);
    assert.equal(hub.status().trouble, "192.168.7.7:22124 cannot be had: EADDRINUSE");
    code = null;
    clock.advance(5_000);
    assert.deepEqual([hub.status().state, hub.status().trouble, changes], ["up", null, 3]);
    assert.deepEqual(log, [
      "hub.listen cannot be had: EADDRNOTAVAIL",
      "hub.listen cannot be had: EADDRINUSE",
      "the hub is up",
    ]);
    await hub.stop("for-good");
    assert.equal(clock.pending, 0);
  });

  it("tries no more once it is stopped", async () => {
    const clock = new ManualClock(0);
    const hub = new Hub({
      settings,
      createMixer: () => {
        throw new Error("bind");
      },
      clock,
      logger: { info() {}, warn() {}, error() {} } as unknown as HubOptions["logger"],
      stateFolder: stateFolder(),
      resolve: async () => null,
    });
    hub.start();
    await hub.stop("for-a-while");
    assert.equal(clock.pending, 0);
  });
});
