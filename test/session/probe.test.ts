// Whether a server is there that a box waits for: how often it is asked, and what counts as an answer.

import assert from "node:assert/strict";
import { connectionlessDatagram } from "../../src/protocol/index.js";
import { probeEveryMs } from "../../src/session/probe.js";
import { peer, Rig, server } from "./rig.js";

const pong = connectionlessDatagram({ kind: "CLM_PING_MS", time: 0 });

describe("a server that is waited for", () => {
  let rig: Rig;

  beforeEach(() => {
    rig = new Rig();
  });

  async function passes(ms: number): Promise<void> {
    rig.advance(ms);
    await new Promise((done) => setImmediate(done));
  }

  const probe = async () => {
    rig.session.probe(server);
    await passes(0);
  };
  const answers = () => rig.eventsOf("session.probed").map(({ answered }) => answered);
  const pings = () => rig.sentOf("CLM_PING_MS").length;

  it("is asked at once and every two seconds, one ping each time, and nothing is told of its silence but that", async () => {
    await probe();
    assert.equal(pings(), 1);
    for (let round = 2; round <= 5; round++) {
      await passes(probeEveryMs);
      assert.equal(pings(), round);
    }
    assert.deepEqual(answers(), [false, false, false, false]);
    assert.equal(rig.engine.sent.length, 5);
  });

  it("is there as soon as it answers", async () => {
    await probe();
    await passes(30);
    rig.receive(pong);
    assert.deepEqual(answers(), [true]);
    await passes(probeEveryMs);
    assert.deepEqual(answers(), [true]);
  });

  it("is looked up each time: it may have moved, or have had no address before", async () => {
    rig.resolution = { found: false, host: "lab.example" };
    await probe();
    await passes(probeEveryMs);
    assert.deepEqual([answers(), pings()], [[false], 0]);
    const elsewhere = { address: "127.0.0.2", port: 22124 };
    for (const endpoint of [peer, elsewhere]) {
      rig.resolution = { found: true, endpoint };
      await passes(probeEveryMs);
      assert.deepEqual(rig.sentOf("CLM_PING_MS").at(-1)?.to, endpoint);
    }
    rig.receive(pong, peer);
    assert.deepEqual(answers(), [false, false, false]);
    rig.receive(pong, elsewhere);
    assert.equal(answers().at(-1), true);
  });

  it("is not taken to be there for what is no answer", async () => {
    await probe();
    rig.receive(pong.subarray(0, -1));
    rig.receive(connectionlessDatagram({ kind: "CLM_EMPTY_MESSAGE" }));
    assert.deepEqual(answers(), []);
  });

  it("is not asked where the session is, but where its name leads by now", async () => {
    await rig.connect();
    await probe();
    assert.equal(pings(), 1, "the session's own");
    const elsewhere = { address: "127.0.0.2", port: 22124 };
    rig.resolution = { found: true, endpoint: elsewhere };
    await passes(probeEveryMs);
    assert.deepEqual(rig.sentOf("CLM_PING_MS").at(-1)?.to, elsewhere);
    rig.receive(pong, elsewhere);
    const told = rig.eventsOf("session.probed").at(-1);
    assert.deepEqual([told?.answered, told?.elsewhere], [true, true]);
  });

  it("is left in peace when the box joins it, or gives up", async () => {
    for (const end of [() => rig.session.probe(null), () => rig.session.dispose()]) {
      await probe();
      end();
      const before = pings();
      await passes(10 * probeEveryMs);
      assert.equal(pings(), before);
      assert.equal(rig.clock.pending, 0);
    }
    await probe();
    await rig.connect();
    rig.receive(pong);
    await passes(probeEveryMs);
    assert.deepEqual(answers(), []);
  });
});
