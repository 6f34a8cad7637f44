// Every way out of a session: when it ends, why, and that the goodbye comes after the last audio.

import assert from "node:assert/strict";
import type { EndReason } from "../../src/core/event.js";
import { goodbye, peer, Rig } from "./rig.js";

/** Milliseconds from now until the session says that it ended, to the ms; null: it does not within a minute. */
function endsAfterMs(rig: Rig): number | null {
  for (let ms = 0; ms <= 60_000; ms += 1) {
    if (rig.eventsOf("session.ended").length > 0) return ms;
    rig.advance(1);
  }
  return null;
}

const hushMs = 100;

describe("the end of a session", () => {
  interface Way {
    readonly what: string;
    readonly reason: EndReason["kind"];
    readonly prepare: (rig: Rig) => Promise<void> | void;
    readonly afterMs: number;
  }
  const ways: Way[] = [
    {
      what: "nobody answers",
      reason: "no-answer",
      prepare: (rig) => rig.start(),
      afterMs: 3000,
    },
    {
      what: "audio comes, but no word of who we are",
      reason: "no-answer",
      prepare: async (rig) => {
        await rig.start();
        rig.advance(2000);
        rig.notice("peer.heard");
      },
      afterMs: 3000,
    },
    {
      what: "a server never sends audio",
      reason: "silent",
      prepare: (rig) => rig.connect(),
      afterMs: 30_000,
    },
    {
      what: "a server sends no more audio",
      reason: "silent",
      prepare: async (rig) => {
        await rig.connect();
        rig.notice("peer.heard");
        rig.advance(40_000);
        rig.notice("peer.silent");
        assert.deepEqual(
          rig.eventsOf("session.heard").map(({ heard }) => heard),
          [true, false],
        );
      },
      afterMs: 29_000,
    },
    {
      what: "the server is full",
      reason: "full",
      prepare: async (rig) => {
        await rig.start();
        rig.serverSays({ kind: "CLM_SERVER_FULL" });
      },
      afterMs: 0,
    },
    {
      what: "the server closes",
      reason: "closed-by-server",
      prepare: async (rig) => {
        await rig.connect();
        rig.serverSays({ kind: "CLM_DISCONNECTION" });
      },
      afterMs: 0,
    },
    {
      what: "the musician leaves",
      reason: "left",
      prepare: async (rig) => {
        await rig.connect();
        rig.session.leave();
      },
      afterMs: 0,
    },
  ];
  for (const { what, reason, prepare, afterMs } of ways) {
    it(`comes as "${reason}" when ${what}, and the goodbye after the audio`, async () => {
      const rig = new Rig();
      await prepare(rig);
      assert.equal(endsAfterMs(rig), afterMs + hushMs);
      assert.equal(rig.eventsOf("session.ended")[0]?.reason.kind, reason);
      rig.advance(5000);
      assert.equal(rig.eventsOf("session.ended").length, 1);

      const calls = rig.engine.calls.map((call) => (call.call === "send" ? call.message.kind : call.call));
      assert.deepEqual(calls.slice(calls.indexOf("leave")), [
        "leave",
        "CLM_DISCONNECTION",
        "setFarewell",
        "dismiss",
      ]);
      assert.equal(rig.clock.pending, 0, "nothing is left to wait for");
    });
  }

  it("does not come while audio is coming back", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.notice("peer.heard");
    for (let n = 0; n < 5; n += 1) {
      rig.advance(20_000);
      rig.notice("peer.silent");
      rig.advance(28_000);
      rig.notice("peer.heard");
    }
    assert.equal(rig.eventsOf("session.ended").length, 0);
  });

  it("is prepared for the death of the process from the first audio until the goodbye", async () => {
    const rig = new Rig();
    await rig.start();
    const farewells = () => rig.engine.calls.filter((call) => call.call === "setFarewell");
    assert.deepEqual(
      farewells().map(({ bytes }) => bytes),
      [goodbye],
    );
    rig.session.leave();
    assert.equal(farewells().length, 1);
    rig.advance(hushMs);
    assert.equal(farewells().at(-1)?.bytes, null);
  });

  it("is repeated, not too often and not for ever, to a server that goes on", async () => {
    const rig = new Rig();
    await rig.connect();
    const leftAtMs = rig.clock.nowMs();
    rig.session.leave();
    for (let n = 0; n < 200; n += 1) {
      rig.serverSays({ kind: "CLM_CHANNEL_LEVEL_LIST", levels: [0] });
      rig.notice("peer.heard");
      rig.advance(10);
    }
    const times = rig.sentOf("CLM_DISCONNECTION").map(({ atMs }) => atMs - leftAtMs);
    assert.deepEqual(times, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    assert.equal(rig.engine.calls.at(-1)?.call, "dismiss");
  });

  it("lets nothing of the conversation out any more", async () => {
    const rig = new Rig();
    rig.acknowledges = false;
    await rig.connect();
    rig.serverSays({ kind: "REQ_CHANNEL_INFOS" });
    rig.session.leave();
    const before = rig.engine.sent.length;
    assert.equal(rig.say("bye"), false);
    rig.serverSays({ kind: "REQ_JITT_BUF_SIZE" });
    rig.advance(2000);
    const after = rig.engine.sent.slice(before).map(({ message }) => message.kind);
    assert.deepEqual(after, ["CLM_DISCONNECTION"]);
  });

  it("is at once when the session is disposed of", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.session.dispose();
    const calls = rig.engine.calls
      .slice(-4)
      .map((call) => (call.call === "send" ? call.message.kind : call.call));
    assert.deepEqual(calls, ["leave", "CLM_DISCONNECTION", "setFarewell", "dismiss"]);
    assert.equal(rig.clock.pending, 0);
    const before = rig.engine.calls.length;
    rig.session.dispose();
    assert.equal(rig.engine.calls.length, before);
    assert.equal(rig.eventsOf("session.ended").length, 0);
  });

  it("may be followed by a new session with the same server, from within the news of it", async () => {
    const rig = new Rig();
    rig.onEvent = (event) => {
      if (event.kind === "session.ended") void rig.start();
    };
    await rig.connect();
    rig.session.leave();
    rig.advance(hushMs);
    await new Promise((done) => setImmediate(done));
    const calls = rig.engine.calls.map(({ call }) => call);
    assert.deepEqual(
      calls.filter((call) => call === "join" || call === "leave" || call === "dismiss"),
      ["join", "leave", "dismiss", "join"],
    );
    rig.advance(2900);
    assert.equal(rig.sentOf("CLM_DISCONNECTION").length, 1, "no goodbye to the new session");
    rig.restartServer();
    rig.serverSays({ kind: "CLIENT_ID", channel: 1 });
    assert.equal(rig.eventsOf("session.connected").length, 2);
  });

  it("cuts a session short that is left for another", async () => {
    const rig = new Rig();
    await rig.connect();
    rig.resolution = { found: true, endpoint: { address: "127.0.0.1", port: 22999 } };
    await rig.start();
    assert.deepEqual(rig.sentOf("CLM_DISCONNECTION")[0]?.to, peer);
    assert.equal(rig.eventsOf("session.ended").length, 0);
    assert.equal(rig.engine.calls.filter(({ call }) => call === "join").length, 2);
  });
});
