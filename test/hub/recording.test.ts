// Nobody is recorded who was not told before.

import assert from "node:assert/strict";
import { Rig } from "./rig.js";

const states = (client: ReturnType<Rig["client"]>) =>
  client
    .attend()
    .heardOf("RECORDER_STATE")
    .map(({ state }) => state);

describe("hub: recording", () => {
  it("says that it cannot record where there is no recorder", () => {
    const rig = new Rig({ settings: { record: true } });
    const anna = rig.client("Anna").join();
    assert.match(rig.hub.record("start") ?? "", /set hub\.record_dir/);
    assert.deepEqual(states(anna), [1]);
    assert.equal(rig.hub.status().recording, "unavailable");
  });

  it("tells everybody, waits until they know, then writes", () => {
    const rig = new Rig({ records: true });
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    anna.attend();
    rig.hub.record("start");
    assert.equal(rig.hub.status().recording, "announcing");
    assert.deepEqual(rig.recorder.calls, []);
    assert.deepEqual(states(anna), [2, 3]);
    assert.deepEqual(rig.recorder.calls, [], "one knows, the other does not yet");
    assert.deepEqual(states(ben), [2, 3]);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna", "include 1 Ben"]);
    assert.equal(rig.hub.status().recording, "on");
  });

  it("waits two seconds for who does not acknowledge", () => {
    const rig = new Rig({ records: true });
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    anna.attend();
    ben.alive = false;
    rig.hub.record("start");
    anna.attend();
    rig.clock.advance(1999);
    assert.deepEqual(rig.recorder.calls, []);
    rig.clock.advance(1);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna", "include 1 Ben"]);
  });

  it("records from the start if configured, and a newcomer only once it knows", () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    assert.deepEqual(rig.recorder.calls, ["start"]);
    const anna = rig.client("Anna");
    anna.alive = false;
    anna.play(45).play(45).attend();
    while (anna.heardOf("VERSION_AND_OS").length === 0) {
      anna.acknowledge(rig.sentTo(anna.endpoint).findLast(({ message }) => message.kind !== "ACKN")!);
      anna.attend();
    }
    anna.say(anna.profile).say({
      kind: "NETW_TRANSPORT_PROPS",
      baseSize: 45,
      blockFactor: 1,
      channels: 1,
      sampleRate: 48000,
      codec: 2,
      flags: 0,
      codecArgument: 0,
    });
    assert.ok(rig.orders.includes("admitToMix 0"), "it plays already");
    assert.deepEqual(rig.recorder.calls, ["start"]);
    anna.alive = true;
    anna.acknowledge(rig.sentTo(anna.endpoint).findLast(({ message }) => message.kind === "VERSION_AND_OS")!);
    assert.deepEqual(states(anna), [3]);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna"]);
  });

  it("writes a newcomer that says nothing about it after two seconds", () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    const anna = rig.client("Anna");
    anna.alive = false;
    anna.play(45).play(45).attend();
    for (let i = 0; i < 6; i += 1) {
      anna.acknowledge(rig.sentTo(anna.endpoint).findLast(({ message }) => message.kind !== "ACKN")!);
      anna.attend();
    }
    anna.say(anna.profile).say({
      kind: "NETW_TRANSPORT_PROPS",
      baseSize: 45,
      blockFactor: 1,
      channels: 1,
      sampleRate: 48000,
      codec: 2,
      flags: 0,
      codecArgument: 0,
    });
    rig.clock.advance(1999);
    assert.deepEqual(rig.recorder.calls, ["start"]);
    rig.clock.advance(1);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna"]);
  });

  it("stops, and says so", () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    const anna = rig.client("Anna").join();
    rig.hub.record("toggle");
    assert.deepEqual(states(anna), [3, 2]);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna", "stop"]);
    assert.equal(rig.hub.status().clients[0]?.recorded, false);
  });

  it("never starts what was called off while everybody was being told", () => {
    const rig = new Rig({ records: true });
    const anna = rig.client("Anna").join();
    rig.hub.record("start");
    rig.hub.record("stop");
    assert.deepEqual(states(anna), [2, 3, 2]);
    rig.clock.advance(5000);
    assert.deepEqual(rig.recorder.calls, []);
  });

  it("takes an old acknowledge for no consent to a new recording", () => {
    const rig = new Rig({ records: true });
    const anna = rig.client("Anna").join();
    rig.hub.record("start");
    rig.hub.record("stop");
    rig.hub.record("start");
    const [first] = rig.sentTo(anna.endpoint).slice(-1);
    anna.acknowledge(first!);
    assert.deepEqual(rig.recorder.calls, [], "that was the first time");
    assert.deepEqual(states(anna), [2, 3, 2, 3]);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna"]);
  });

  it("begins a new session when asked, and when everybody has gone", () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    const anna = rig.client("Anna").join();
    rig.hub.record("new");
    anna.leave();
    rig.clock.advance(100);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna", "new", "exclude 0", "new"]);
  });

  it("begins a new session, too, where the last one to go was never recorded", () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135);
    ben.alive = false;
    ben.play(45).play(45);
    anna.leave();
    rig.clock.advance(100);
    assert.ok(!rig.recorder.calls.includes("new"), "somebody is here");
    rig.clock.advance(3000);
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna", "exclude 0", "new"]);
  });

  it("says that the disk has failed, and that nothing is recorded", () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    const anna = rig.client("Anna").join();
    rig.recorder.onNotice({ kind: "writing", writing: true });
    assert.equal(rig.hub.status().writing, true);
    rig.recorder.onNotice({ kind: "failed", reason: "the disk is full" });
    const { recording, writing, recorderTrouble } = rig.hub.status();
    assert.deepEqual(
      { recording, writing, recorderTrouble },
      { recording: "off", writing: false, recorderTrouble: "the disk is full" },
    );
    assert.deepEqual(states(anna), [3, 2]);
    rig.hub.record("start");
    assert.equal(rig.hub.status().recorderTrouble, null);
  });

  it("stands a recorder that speaks while it is spoken to", () => {
    const rig = new Rig({ records: true });
    rig.recorder.start = () => {
      rig.recorder.onNotice({ kind: "failed", reason: "no such folder" });
    };
    rig.hub.record("start");
    assert.equal(rig.hub.status().recorderTrouble, "no such folder");
    assert.equal(rig.hub.status().recording, "off");
  });

  it("stops when the hub closes, and lets the mixer live until all is written", async () => {
    const rig = new Rig({ records: true, settings: { record: true } });
    const anna = rig.client("Anna").join();
    let written = () => {};
    rig.recorder.close = () =>
      new Promise((resolve) => {
        written = resolve;
      });
    const stopped = rig.hub.stop("for-good");
    assert.deepEqual(rig.recorder.calls, ["start", "include 0 Anna", "stop"]);
    assert.equal(anna.attend().heardOf("CLM_DISCONNECTION").length, 1);
    assert.ok(!rig.orders.includes("close"));
    written();
    await stopped;
    assert.equal(rig.orders.at(-1), "close");
  });
});
