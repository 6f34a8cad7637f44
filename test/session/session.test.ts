// A session from the first packet on: what is said when, to whom, and what the box hears of it.

import assert from "node:assert/strict";
import { type ClientEntry, type Message, sealEnvelope } from "../../src/protocol/index.js";
import { alice, peer, Rig, server } from "./rig.js";

const entry = (channel: number, name: string): ClientEntry => ({
  channel,
  country: 206,
  instrument: 3,
  skill: 2,
  name,
  city: "Zürich",
});

describe("a session", () => {
  it("joins before it says anything of the conversation, and waits for the server to speak", async () => {
    const rig = new Rig({ jitter: 5 });
    await rig.start();
    rig.say("too early");
    rig.advance(2900);
    assert.deepEqual(rig.told, []);
    assert.deepEqual(rig.engine.calls[0], {
      call: "join",
      server: peer,
      format: { blockFrames: 128, channels: 1, blockBytes: 45, blocksPerPacket: 1, sequenced: false },
    });
    rig.serverSays({ kind: "CLIENT_ID", channel: 3 });
    rig.serverSays({ kind: "REQ_JITT_BUF_SIZE" });
    assert.deepEqual(rig.told, ["JITT_BUF_SIZE"]);
    assert.equal(rig.sentOf("JITT_BUF_SIZE")[0]?.message.blocks, 5);
    assert.equal(rig.eventsOf("session.connected")[0]?.clientId, 3);
  });

  it("tells what left the box for whom, each thing once", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.serverSays({ kind: "REQ_CHANNEL_INFOS" });
    rig.notice("peer.heard");
    rig.say("hi");
    rig.say("again");
    const disclosed = rig.eventsOf("session.disclosed").map(({ disclosure }) => disclosure);
    assert.deepEqual(
      disclosed.map(({ what, to }) => [what, to]),
      [
        ["name-lookup", "name service"],
        ["address", server.address],
        ["audio", server.address],
        ["enquiry", server.address],
        ["profile", server.address],
        ["chat", server.address],
      ],
    );
  });

  it("tells of a look-up when it begins, whatever comes of it, and of none where the address is numeric", async () => {
    const rig = new Rig({ resolve: () => new Promise(() => {}) });
    await rig.start();
    assert.deepEqual(
      rig.eventsOf("session.disclosed").map(({ disclosure }) => disclosure),
      [{ what: "name-lookup", to: "name service", atMs: rig.clock.nowMs() }],
    );
    rig.session.start({ name: "Lab", address: "127.0.0.1" }, { enquireFirst: false });
    assert.equal(rig.eventsOf("session.disclosed").length, 1);
  });

  it("neither sends nor tells a line of chat where chat is off, but does tell the server's welcome", async () => {
    const rig = new Rig({ chat: false });
    await rig.connect();
    assert.equal(rig.say("hi"), false);
    rig.serverSays({ kind: "CHAT_TEXT", text: '<font color="#ff0000">(12:00:00) <b>Eve</b></font> psst' });
    rig.serverSays({ kind: "CHAT_TEXT", text: "psst" });
    rig.serverSays({ kind: "CHAT_TEXT", text: "<b>Server Welcome Message:</b> Be <i>kind</i>" });
    assert.deepEqual(rig.sentOf("CHAT_TEXT"), []);
    assert.equal(rig.eventsOf("session.chat").length, 0);
    assert.deepEqual(
      rig.eventsOf("session.welcome").map(({ text }) => text),
      ["Be kind"],
    );
    const disclosed = rig.eventsOf("session.disclosed").map(({ disclosure }) => disclosure.what);
    assert.ok(!disclosed.includes("chat"));
  });

  it("says where its sound goes: to nobody before the join and after the goodbye", async () => {
    const rig = new Rig();
    await rig.start(true);
    assert.equal(rig.session.peer, null);
    rig.advance(400);
    assert.deepEqual(rig.session.peer, peer);
    rig.session.leave();
    assert.equal(rig.session.peer, null);
  });

  it("leaves a server that still knows it, and joins it as a newcomer", async () => {
    const rig = new Rig();
    await rig.start();
    rig.notice("peer.heard");
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(4, "Alice")] });
    assert.equal(rig.engine.calls.filter(({ call }) => call === "leave").length, 1);
    rig.advance(99);
    assert.equal(rig.sentOf("CLM_DISCONNECTION").length, 0);
    rig.advance(1);
    assert.equal(rig.sentOf("CLM_DISCONNECTION").length, 1);
    const joins = () => rig.engine.calls.filter(({ call }) => call === "join").length;
    assert.equal(joins(), 1);
    rig.advance(20);
    assert.equal(joins(), 2);
    assert.deepEqual(
      rig.events.filter(({ kind }) => kind !== "session.disclosed"),
      [],
    );
    rig.restartServer();
    rig.serverSays({ kind: "CLIENT_ID", channel: 5 });
    rig.serverSays({ kind: "RECORDER_STATE", state: 3 });
    assert.equal(rig.eventsOf("session.connected")[0]?.clientId, 5);
    assert.equal(rig.eventsOf("session.recording")[0]?.recording, "yes");
  });

  it("can be left while it leaves a server that still knows it", async () => {
    const rig = new Rig();
    await rig.start();
    rig.notice("peer.heard");
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(4, "Alice")] });
    rig.session.leave();
    rig.advance(100);
    assert.deepEqual(rig.eventsOf("session.ended")[0]?.reason, { kind: "left" });
    assert.equal(rig.engine.calls.filter(({ call }) => call === "join").length, 1);
  });

  it("introduces itself to a server that gives no numbers, and is in once it finds itself on the list again", async () => {
    const rig = new Rig();
    await rig.start();
    rig.notice("peer.heard");
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(4, "Alice")] });
    rig.advance(100);
    rig.advance(20);
    const before = rig.told.length;
    rig.notice("peer.heard");
    rig.notice("audio.started");
    assert.deepEqual(rig.told.slice(before), [
      "NETW_TRANSPORT_PROPS",
      "CHANNEL_INFOS",
      "REQ_CONN_CLIENTS_LIST",
      "JITT_BUF_SIZE",
      "REQ_CHANNEL_LEVEL_LIST",
    ]);
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(0, "Bob")] });
    assert.equal(rig.eventsOf("session.connected").length, 0);
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(0, "Bob"), entry(4, "Alice")] });
    assert.equal(rig.eventsOf("session.connected")[0]?.clientId, 4);
    const kinds = rig.events.map(({ kind }) => kind);
    assert.ok(kinds.indexOf("session.connected") < kinds.indexOf("session.heard"));
    assert.ok(kinds.indexOf("session.connected") < kinds.indexOf("session.playing"));
    rig.serverSays({ kind: "CLM_VERSION_AND_OS", os: 2, version: "3.9.1" });
    assert.deepEqual(rig.sentOf("NETW_TRANSPORT_PROPS").at(-1)?.message.flags, 1);
  });

  it("sends again each 400 ms what the server does not acknowledge, one message at a time", async () => {
    const rig = new Rig();
    rig.acknowledges = false;
    await rig.connect();
    rig.serverSays({ kind: "REQ_CHANNEL_INFOS" });
    rig.serverSays({ kind: "REQ_JITT_BUF_SIZE" });
    rig.advance(1000);
    assert.deepEqual(rig.told, ["CHANNEL_INFOS", "CHANNEL_INFOS", "CHANNEL_INFOS"]);
    const [first, second, third] = rig.sentOf("CHANNEL_INFOS").map(({ atMs }) => atMs);
    assert.deepEqual([second! - first!, third! - second!], [400, 400]);
  });

  const recorder: [number, string][] = [
    [1, "no"],
    [2, "no"],
    [3, "yes"],
  ];
  for (const [state, recording] of recorder) {
    it(`hears from recorder state ${state} that recording is: ${recording}`, async () => {
      const rig = new Rig();
      await rig.connect();
      rig.serverSays({ kind: "RECORDER_STATE", state });
      assert.deepEqual(
        rig.eventsOf("session.recording").map((event) => event.recording),
        [recording],
      );
    });
  }

  it("tells of a recording that it heard of before the connection together with the connection", async () => {
    const rig = new Rig();
    await rig.start();
    rig.notice("peer.heard");
    rig.serverSays({ kind: "RECORDER_STATE", state: 3 });
    assert.equal(rig.eventsOf("session.recording").length, 0);
    rig.serverSays({ kind: "CLIENT_ID", channel: 4 });
    rig.serverSays({ kind: "CLIENT_ID", channel: 4 });
    const told = rig.events.flatMap((event) => (event.kind === "session.recording" ? event.recording : []));
    assert.deepEqual(told, ["yes", "unknown"]);
    const kinds = rig.events.map(({ kind }) => kind);
    assert.ok(kinds.indexOf("session.connected") < kinds.indexOf("session.recording"));
  });

  it("asks for consent only where a licence is named", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.serverSays({ kind: "LICENCE_REQUIRED", licenceType: 0 });
    assert.equal(rig.eventsOf("session.licence-asked").length, 0);
    rig.serverSays({ kind: "LICENCE_REQUIRED", licenceType: 1 });
    assert.equal(rig.eventsOf("session.licence-asked").length, 1);
  });

  it("knows who is there, how loud, and who has muted us", async () => {
    const rig = new Rig();
    await rig.connect();
    const eve = { ...entry(1, "Eve\u202e\u0007"), instrument: 999 };
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(0, "Alice"), eve] });
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(0, "Alice"), eve] });
    assert.deepEqual(
      rig.eventsOf("session.clients").map(({ clients }) => clients),
      [
        [
          { id: 0, name: "Alice", instrument: "Electric Guitar", city: "Zürich" },
          { id: 1, name: "Eve", instrument: "", city: "Zürich" },
        ],
      ],
    );
    rig.serverSays({ kind: "CLM_CHANNEL_LEVEL_LIST", levels: [3, 9] });
    rig.serverSays({ kind: "CLM_CHANNEL_LEVEL_LIST", levels: [1, 2, 3] });
    assert.deepEqual(rig.session.levels, [3, 9]);
    rig.serverSays({ kind: "MUTE_STATE_CHANGED", channel: 1, muted: true });
    rig.serverSays({ kind: "MUTE_STATE_CHANGED", channel: 1, muted: true });
    rig.serverSays({ kind: "CONN_CLIENTS_LIST", clients: [entry(0, "Alice")] });
    assert.deepEqual(
      rig.eventsOf("session.muted-by").map(({ clientIds }) => clientIds),
      [[1], []],
    );
  });

  it("says what the musician says, on one line and no longer than allowed", async () => {
    const rig = new Rig();
    await rig.connect();
    assert.ok(rig.say("one\ntwo\u0007"));
    assert.ok(rig.say("x".repeat(3000)));
    assert.ok(rig.say("  \n "));
    const texts = rig.sentOf("CHAT_TEXT").map(({ message }) => message.text);
    assert.deepEqual(texts, ["one two", "x".repeat(1600)]);
  });

  it("splits long chat only after the server has asked whether it may", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.say("a".repeat(1600));
    rig.serverSays({ kind: "REQ_SPLIT_MESS_SUPPORT" });
    rig.say("b".repeat(1600));
    assert.deepEqual(rig.told, [
      "CHAT_TEXT",
      "SPLIT_MESS_SUPPORTED",
      "SPECIAL_SPLIT_MESSAGE",
      "SPECIAL_SPLIT_MESSAGE",
      "SPECIAL_SPLIT_MESSAGE",
    ]);
    rig.restartServer();
    rig.serverSays({ kind: "CLIENT_ID", channel: 0 });
    rig.say("c".repeat(1600));
    assert.equal(rig.told.at(-1), "CHAT_TEXT");
  });

  it("tells the server when the jitter buffer is to be automatic", async () => {
    const rig = new Rig({ jitter: "auto" });
    await rig.connect();
    rig.serverSays({ kind: "REQ_JITT_BUF_SIZE" });
    assert.equal(rig.sentOf("JITT_BUF_SIZE")[0]?.message.blocks, 21);
  });

  it("sends sequence bytes to no server that is too old for them", async () => {
    for (const version of ["3.5.12", "2.0", "rubbish"]) {
      const rig = new Rig();
      await rig.connect();
      rig.serverSays({ kind: "VERSION_AND_OS", os: 2, version });
      assert.ok(rig.engine.calls.every(({ call }) => call !== "setFormat"));
    }
    const rig = new Rig();
    await rig.connect();
    rig.serverSays({ kind: "VERSION_AND_OS", os: 2, version: "3.12.4dev-abc:1700000000" });
    assert.equal(rig.eventsOf("session.version")[0]?.version, "3.12.4dev-abc");
    assert.ok(rig.engine.calls.some((call) => call.call === "setFormat" && call.format.sequenced));
  });

  it("pings twice a second and tells the delay when it changes", async () => {
    const rig = new Rig();
    await rig.start();
    rig.advance(2000);
    assert.equal(rig.sentOf("CLM_PING_MS").length, 0);
    rig.serverSays({ kind: "CLIENT_ID", channel: 0 });
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 6 });
    for (let n = 0; n < 10; n += 1) {
      rig.advance(20);
      const ping = rig.sentOf("CLM_PING_MS").at(-1)!;
      rig.serverSays(ping.message);
      rig.serverSays(ping.message);
      rig.serverSays({ kind: "CLM_PING_MS", time: 4_000_000_000 });
      rig.advance(480);
    }
    assert.equal(rig.sentOf("CLM_PING_MS").length, 11);
    const told = rig.eventsOf("session.delay").map(({ pingMs, delayMs }) => [pingMs, delayMs]);
    assert.deepEqual(told, [[20, 51]]);
  });

  it("listens to nobody but its server", async () => {
    const rig = new Rig();
    await rig.start();
    const connected: Message = { kind: "CLIENT_ID", channel: 7 };
    const strangers = [
      { ...peer, port: 22125 },
      { ...peer, address: "127.0.0.2" },
    ];
    const bytes = Uint8Array.from(Buffer.from("0000200000010000f9cc", "hex"));
    for (const stranger of strangers) rig.receive(bytes, stranger);
    assert.equal(rig.session.dropped.get("stranger"), 2);
    assert.equal(rig.eventsOf("session.connected").length, 0);
    rig.serverSays(connected);
    assert.equal(rig.eventsOf("session.connected").length, 1);
  });

  it("acknowledges what it does not understand, and lets it be", async () => {
    const rig = new Rig();
    await rig.connect();
    const before = rig.events.length;
    rig.serverSays({ kind: "OPUS_SUPPORTED" });
    rig.serverSays({ kind: "CHANNEL_GAIN", channel: 0, gain: 1 });
    rig.serverSays({ kind: "CHANNEL_PAN", channel: 0, pan: 0.5 });
    rig.serverSays({ kind: "CLM_REGISTER_SERVER_RESP", result: 0 });
    assert.equal(rig.events.length, before);
    assert.equal(rig.sentOf("ACKN").length, 4, "one for CLIENT_ID, three for these");
    rig.receive(sealEnvelope(777, 200, new Uint8Array(3)));
    assert.equal(rig.sentOf("ACKN").length, 5);
    assert.equal(rig.session.dropped.get("unknown-id"), 1);
    rig.receive(Uint8Array.from(Buffer.from("0000200000010000f9cd", "hex")));
    assert.equal(rig.session.dropped.get("crc"), 1);
    assert.equal(rig.sentOf("ACKN").length, 5);
  });

  it("tells that no such server was found", async () => {
    const rig = new Rig();
    rig.resolution = { found: false, host: "lab.example" };
    await rig.start();
    const [ended] = rig.eventsOf("session.ended");
    assert.deepEqual(ended?.reason, { kind: "not-found", host: "lab.example" });
    assert.deepEqual(rig.engine.calls, []);
    assert.equal(rig.clock.pending, 0);
  });

  it("takes the answer of a look-up that nobody waits for any more for nothing", async () => {
    const rig = new Rig();
    const started = rig.start();
    rig.session.leave();
    await started;
    assert.deepEqual(
      rig.eventsOf("session.ended").map(({ reason }) => reason.kind),
      ["left"],
    );
    assert.deepEqual(rig.engine.calls, []);
  });

  it("keeps the profile's codes", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.serverSays({ kind: "REQ_CHANNEL_INFOS" });
    assert.deepEqual(rig.sentOf("CHANNEL_INFOS")[0]?.message, { kind: "CHANNEL_INFOS", ...alice });
  });
});
