// The enquiry: what is asked, what an answer means, and when the join waits for it.

import assert from "node:assert/strict";
import { type Message, serverFeatures } from "../../src/protocol/index.js";
import { beginEnquiry, enquiryMs, findings, hearAnswer, isOver } from "../../src/session/enquiry.js";
import { peer, Rig } from "./rig.js";

const { logFile, recordingPossible, recordingEnabled } = serverFeatures;
const features = (bits: number): Message => ({ kind: "CLM_SERVER_FEATURES", features: bits });
const version: Message = { kind: "CLM_VERSION_AND_OS", os: 2, version: "3.12.4" };
const clients: Message = { kind: "CLM_PING_MS_WITHNUMCLIENTS", time: 0, clients: 3 };

describe("an enquiry", () => {
  it("is over when all is answered", () => {
    let enquiry = beginEnquiry(1000);
    for (const [message, atMs] of [[version, 1005] as const, [clients, 1012] as const]) {
      enquiry = hearAnswer(enquiry, message, atMs);
      assert.equal(isOver(enquiry, atMs), false);
    }
    enquiry = hearAnswer(enquiry, features(0), 1020);
    assert.ok(isOver(enquiry, 1020));
    assert.deepEqual(enquiry, { askedAtMs: 1000, version: "3.12.4", features: 0, clients: 3, pingMs: 12 });
  });

  it("is over when the time is, whatever is known", () => {
    const enquiry = hearAnswer(beginEnquiry(0), version, 1);
    assert.equal(isOver(enquiry, enquiryMs - 1), false);
    assert.ok(isOver(enquiry, enquiryMs));
    assert.deepEqual(findings(enquiry), {
      serverLogs: "unknown",
      serverMayRecord: "unknown",
      recording: "unknown",
      answers: { version: "3.12.4", clients: null, pingMs: null },
    });
  });

  it("takes no answer to another question for its own", () => {
    const begun = beginEnquiry(0);
    assert.equal(hearAnswer(begun, { kind: "CLM_PING_MS_WITHNUMCLIENTS", time: 5, clients: 9 }, 1), begun);
    assert.equal(hearAnswer(begun, { kind: "CLM_PING_MS", time: 0 }, 1), begun);
  });

  const meanings: [number, string, string, string][] = [
    [0, "no", "no", "no"],
    [logFile, "yes", "no", "no"],
    [recordingPossible, "no", "yes", "no"],
    [recordingPossible | recordingEnabled, "no", "yes", "yes"],
    [0x7ec, "yes", "yes", "yes"],
    [0x13, "no", "no", "no"],
  ];
  for (const [bits, serverLogs, serverMayRecord, recording] of meanings) {
    it(`reads the features 0x${bits.toString(16)}`, () => {
      const enquiry = hearAnswer(beginEnquiry(0), features(bits), 1);
      const { answers, ...found } = findings(enquiry);
      assert.deepEqual(found, { serverLogs, serverMayRecord, recording });
    });
  }
});

describe("a session that enquires first", () => {
  it("tells the findings before any audio leaves", async () => {
    const rig = new Rig();
    await rig.start(true);
    assert.deepEqual(
      rig.engine.calls.map((call) => (call.call === "send" ? call.message.kind : call.call)),
      ["admit", "CLM_PING_MS_WITHNUMCLIENTS", "CLM_REQ_VERSION_AND_OS", "CLM_REQ_SERVER_FEATURES"],
    );
    for (const message of [version, clients]) rig.serverSays(message);
    rig.advance(50);
    assert.equal(rig.eventsOf("session.enquired").length, 0);
    rig.serverSays(features(recordingPossible | recordingEnabled));
    const [enquired] = rig.eventsOf("session.enquired");
    assert.equal(enquired?.recording, "yes");
    assert.deepEqual(enquired?.answers, { version: "3.12.4", clients: 3, pingMs: 0 });
    assert.ok(rig.engine.calls.every(({ call }) => call !== "join"));
    rig.advance(0);
    assert.equal(rig.engine.calls.at(-2)?.call, "join");
  });

  it("counts what it cannot read", async () => {
    const rig = new Rig();
    await rig.start(true);
    rig.receive(Uint8Array.of(1, 2, 3));
    rig.serverSays(version);
    assert.deepEqual([...rig.session.dropped.values()], [1]);
  });

  it("joins after 400 ms where nothing is answered", async () => {
    const rig = new Rig();
    await rig.start(true);
    rig.advance(enquiryMs - 1);
    assert.equal(rig.events.filter(({ kind }) => kind !== "session.disclosed").length, 0);
    rig.advance(1);
    assert.equal(rig.eventsOf("session.enquired")[0]?.recording, "unknown");
    assert.ok(rig.engine.calls.some(({ call }) => call === "join"));
    const told = rig.eventsOf("session.disclosed").map(({ disclosure }) => disclosure.what);
    assert.deepEqual(told, ["name-lookup", "address", "enquiry", "audio"]);
  });

  it("never joins when the findings are a reason to leave", async () => {
    for (const leaveLater of [false, true]) {
      const rig = new Rig();
      rig.onEvent = (event) => {
        if (event.kind === "session.enquired" && !leaveLater) rig.session.leave();
      };
      await rig.start(true);
      for (const message of [version, clients, features(recordingEnabled)]) rig.serverSays(message);
      if (leaveLater) rig.session.leave();
      rig.advance(10_000);
      assert.ok(rig.engine.calls.every(({ call }) => call !== "join"));
      assert.deepEqual(rig.engine.calls.at(-1), { call: "dismiss", peer });
      assert.equal(rig.eventsOf("session.ended")[0]?.reason.kind, "left");
      assert.equal(rig.clock.pending, 0);
    }
  });

  it("may be left while it asks", async () => {
    const rig = new Rig();
    await rig.start(true);
    rig.session.leave();
    rig.serverSays(features(0));
    rig.advance(1000);
    assert.equal(rig.eventsOf("session.enquired").length, 0);
    assert.deepEqual(
      rig.eventsOf("session.ended").map(({ reason }) => reason.kind),
      ["left"],
    );
  });
});

describe("a session that enquires meanwhile", () => {
  it("joins at once, and tells the findings when they come", async () => {
    const rig = new Rig();
    await rig.start();
    assert.equal(rig.engine.calls[0]?.call, "join");
    rig.serverSays({ kind: "CLIENT_ID", channel: 0 });
    for (const message of [features(logFile), version, clients]) rig.serverSays(message);
    const [enquired] = rig.eventsOf("session.enquired");
    assert.deepEqual([enquired?.serverLogs, enquired?.recording], ["yes", "no"]);
    rig.advance(1000);
    assert.equal(rig.eventsOf("session.enquired").length, 1);
  });

  it("tells no findings after the end", async () => {
    const rig = new Rig();
    await rig.start();
    rig.session.leave();
    rig.serverSays(features(logFile));
    rig.advance(2000);
    assert.equal(rig.eventsOf("session.enquired").length, 0);
  });
});
