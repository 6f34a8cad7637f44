// A hub that is listed by a directory.

import assert from "node:assert/strict";
import type { Endpoint } from "../../src/audio/engine.js";
import { Rig, type RigOptions } from "./rig.js";

const minute = 60_000;
const turn = () => new Promise((done) => setImmediate(done));

async function listedRig(options: RigOptions = {}): Promise<Rig> {
  const rig = new Rig({
    settings: { registerWith: ["dir.school"], public: true },
    resolve: async () => ({ address: "192.168.1.2", port: 22124 }),
    ownAddressTowards: async () => "192.168.1.9",
    ...options,
  });
  rig.clock.advance(0);
  await turn();
  rig.clock.advance(0);
  return rig;
}

const directory = (rig: Rig) => rig.client("directory", 22124, "192.168.1.2");
const states = (rig: Rig) => rig.hub.status().registrations.map(({ state }) => state);
const sentKinds = (rig: Rig, to: Endpoint = { address: "192.168.1.2", port: 22124 }) =>
  rig.sentTo(to).map(({ message }) => message.kind);

describe("hub: registered with a directory", () => {
  it("introduces itself, and tells what the directory answered", async () => {
    const rig = await listedRig();
    const [sent] = rig.sentTo({ address: "192.168.1.2", port: 22124 });
    assert.deepEqual(sent?.message, {
      kind: "CLM_REGISTER_SERVER_EX",
      port: 22124,
      country: 206,
      maxClients: 10,
      permanent: false,
      serverName: "School",
      internalAddress: "192.168.1.9",
      city: "Bern",
      os: 2,
      version: rig.hub.status().version,
    });
    assert.deepEqual(states(rig), ["requested"]);
    directory(rig).say({ kind: "CLM_REGISTER_SERVER_RESP", result: 0 });
    assert.deepEqual(states(rig), ["registered"]);
    for (const [result, state] of [
      [1, "list-full"],
      [3, "requirements-not-fulfilled"],
      [9, "unknown-answer"],
    ] as const) {
      directory(rig).say({ kind: "CLM_REGISTER_SERVER_RESP", result });
      assert.deepEqual(states(rig), [state]);
    }
  });

  it("asks five times, 500 ms apart, and gives up until the next quarter of an hour", async () => {
    const rig = await listedRig();
    rig.clock.advance(2499);
    assert.equal(sentKinds(rig).length, 5);
    assert.deepEqual(states(rig), ["requested"]);
    rig.clock.advance(1);
    assert.deepEqual(states(rig), ["no-answer"]);
    rig.clock.advance(50_000);
    assert.equal(sentKinds(rig).filter((kind) => kind === "CLM_REGISTER_SERVER_EX").length, 5);
    rig.clock.advance(15 * minute);
    await turn();
    rig.clock.advance(0);
    assert.equal(sentKinds(rig).filter((kind) => kind === "CLM_REGISTER_SERVER_EX").length, 6);
  });

  it("keeps its way open each 59 s, renews each quarter of an hour, and leaves at the end", async () => {
    const rig = await listedRig();
    directory(rig).say({ kind: "CLM_REGISTER_SERVER_RESP", result: 0 });
    rig.clock.advance(10 * minute);
    assert.equal(sentKinds(rig).filter((kind) => kind === "CLM_EMPTY_MESSAGE").length, 10);
    rig.clock.advance(5 * minute);
    await turn();
    rig.clock.advance(0);
    assert.equal(sentKinds(rig).filter((kind) => kind === "CLM_REGISTER_SERVER_EX").length, 2);
    assert.deepEqual(states(rig), ["registered"], "until it hears otherwise");
    await rig.hub.stop("for-good");
    assert.equal(sentKinds(rig).at(-1), "CLM_UNREGISTER_SERVER");
  });

  it("is permanent after two days", async () => {
    const rig = await listedRig();
    for (let quarter = 0; quarter < 4 * 48; quarter += 1) {
      rig.clock.advance(15 * minute);
      await turn();
      rig.clock.advance(0);
    }
    const last = rig
      .sentTo({ address: "192.168.1.2", port: 22124 })
      .findLast(({ message }) => message.kind === "CLM_REGISTER_SERVER_EX")!.message;
    assert.equal(last.kind === "CLM_REGISTER_SERVER_EX" && last.permanent, true);
  });

  it("says that the directory cannot be found", async () => {
    const rig = await listedRig({ resolve: async () => null });
    assert.deepEqual(states(rig), ["not-found"]);
    assert.deepEqual(rig.mixer.sent, []);
  });

  it("looks for a directory that was not found again half a minute later", async () => {
    let there = false;
    const rig = await listedRig({
      resolve: async () => (there ? { address: "192.168.1.2", port: 22124 } : null),
    });
    there = true;
    rig.clock.advance(30_000);
    await turn();
    rig.clock.advance(0);
    assert.deepEqual(sentKinds(rig), ["CLM_REGISTER_SERVER_EX"]);
  });

  it("opens its way to whom the directory names, and to nobody that others name", async () => {
    const rig = await listedRig();
    const asker = { address: "198.51.100.7", port: 22134 };
    rig.client("liar", 40000, "203.0.113.1").say({ kind: "CLM_SEND_EMPTY_MESSAGE", ...asker });
    rig.client("liar", 40000, "203.0.113.1").say({ kind: "CLM_REGISTER_SERVER_RESP", result: 1 });
    assert.deepEqual(rig.sentTo(asker), []);
    assert.deepEqual(states(rig), ["requested"]);
    directory(rig).say({ kind: "CLM_SEND_EMPTY_MESSAGE", ...asker });
    assert.deepEqual(sentKinds(rig, asker), ["CLM_EMPTY_MESSAGE"]);
  });

  it("opens no way to port 0, where nobody can be", async () => {
    const rig = await listedRig();
    const nobody = { address: "198.51.100.7", port: 0 };
    directory(rig).say({ kind: "CLM_SEND_EMPTY_MESSAGE", ...nobody });
    assert.deepEqual(sentKinds(rig, nobody), []);
    assert.equal(rig.hub.status().counters.strangers?.ignored, 1);
  });

  it("warns where it is listed but serves only its own network", async () => {
    const rig = await listedRig({ settings: { registerWith: ["dir.school"] } });
    assert.equal(rig.warnings.length, 1);
    assert.match(rig.warnings[0]!, /hub\.public/);
    assert.doesNotMatch(rig.warnings[0]!, /dir\.school/);
  });

  it("hears a directory outside, though it serves its own network only, and opens no way to others outside", async () => {
    const outside = { address: "203.0.113.2", port: 22124 };
    const rig = await listedRig({
      settings: { registerWith: ["dir.example"] },
      resolve: async () => outside,
    });
    const far = rig.client("directory", outside.port, outside.address);
    far.say({ kind: "CLM_REGISTER_SERVER_RESP", result: 0 });
    assert.deepEqual(states(rig), ["registered"]);
    far.say({ kind: "CLM_SEND_EMPTY_MESSAGE", address: "198.51.100.7", port: 22134 });
    assert.deepEqual(rig.sentTo({ address: "198.51.100.7", port: 22134 }), []);
  });

  it("leaves no timer behind when it is stopped while a directory is looked up", async () => {
    let found: (endpoint: Endpoint | null) => void = () => {};
    const rig = await listedRig({
      resolve: () =>
        new Promise((resolve) => {
          found = resolve;
        }),
    });
    await rig.hub.stop("for-good");
    found({ address: "192.168.1.2", port: 22124 });
    await turn();
    assert.equal(rig.clock.pending, 0);
    assert.deepEqual(rig.mixer.sent, []);
  });
});
