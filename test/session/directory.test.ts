// A server found by its name on a directory's list.

import assert from "node:assert/strict";
import { directoryOf } from "../../src/lib/server-address.js";
import { connectionlessDatagram, type Message, type MessageOf } from "../../src/protocol/index.js";
import { DirectoryLookUp } from "../../src/session/directory.js";
import type { Resolution } from "../../src/session/resolve.js";
import { FakeEngine } from "../support/fake-engine.js";
import { ManualClock } from "../support/manual-clock.js";

const directory = { address: "192.168.1.2", port: 22124 };
const short: MessageOf<"CLM_RED_SERVER_LIST"> = {
  kind: "CLM_RED_SERVER_LIST",
  servers: [
    { address: "0.0.0.0", port: 0, serverName: "School" },
    { address: "192.168.1.7", port: 22130, serverName: "Room 7" },
  ],
};
const none: Message = { kind: "CLM_SERVER_LIST", servers: [] };

class Rig {
  readonly clock = new ManualClock(5000);
  readonly engine = new FakeEngine(() => this.clock.nowMs());
  readonly lookUp: DirectoryLookUp;
  resolution: Resolution | null = null;

  constructor(serverName: string) {
    this.lookUp = new DirectoryLookUp({ engine: this.engine, clock: this.clock, directory, serverName });
    void this.lookUp.result.then((resolution) => {
      this.resolution = resolution;
    });
  }

  async hear(message: Extract<Message, { kind: `CLM_${string}` }>, from = directory): Promise<boolean> {
    const taken = this.lookUp.receive(from, connectionlessDatagram(message));
    await this.turn();
    return taken;
  }

  turn(): Promise<void> {
    return new Promise((done) => setImmediate(done));
  }
}

describe("DirectoryLookUp", () => {
  it("knows a directory by its prefix", () => {
    assert.equal(directoryOf("directory:dir.school"), "dir.school");
    assert.equal(directoryOf("directory: [::1]:22125"), "[::1]:22125");
    assert.equal(directoryOf("dir.school:22124"), null);
  });

  it("asks, and finds a server by its name whatever its case", async () => {
    const rig = new Rig("room 7 ");
    assert.deepEqual(
      rig.engine.sent.map(({ message, to }) => [message.kind, to]),
      [["CLM_REQ_SERVER_LIST", directory]],
    );
    assert.equal(await rig.hear(short), true);
    assert.deepEqual(rig.resolution, { found: true, endpoint: { address: "192.168.1.7", port: 22130 } });
    assert.deepEqual(rig.engine.calls.at(-1), { call: "dismiss", peer: directory });
    assert.equal(rig.clock.pending, 0);
  });

  it("takes the directory itself, which lists itself without an address", async () => {
    const rig = new Rig("School");
    await rig.hear(short);
    assert.deepEqual(rig.resolution, { found: true, endpoint: directory });
  });

  it("goes to no port 0: neither to such a server nor to the directory in its place", async () => {
    const rig = new Rig("Room 9");
    const server = { address: "192.168.1.9", port: 0, serverName: "Room 9" };
    await rig.hear({ kind: "CLM_RED_SERVER_LIST", servers: [...short.servers, server] });
    assert.equal(rig.resolution, null);
    await rig.hear(none as MessageOf<"CLM_SERVER_LIST">);
    assert.deepEqual(rig.resolution, { found: false, host: "Room 9" });
  });

  it("gives up only on the full list: the short one may be cut", async () => {
    const rig = new Rig("Room 8");
    await rig.hear(short);
    assert.equal(rig.resolution, null);
    await rig.hear(none as MessageOf<"CLM_SERVER_LIST">);
    assert.deepEqual(rig.resolution, { found: false, host: "Room 8" });
  });

  it("believes nobody else", async () => {
    const rig = new Rig("Room 7");
    assert.equal(await rig.hear(short, { address: "192.168.1.3", port: 22124 }), false);
    assert.equal(await rig.hear({ kind: "CLM_PING_MS", time: 1 }), false);
    assert.equal(rig.resolution, null);
  });

  it("asks three times, two seconds apart, and then no more", async () => {
    const rig = new Rig("Room 7");
    rig.clock.advance(5999);
    assert.equal(rig.engine.sent.length, 3);
    await rig.turn();
    assert.equal(rig.resolution, null);
    rig.clock.advance(1);
    await rig.turn();
    assert.deepEqual(rig.resolution, { found: false, host: "Room 7" });
    assert.equal(rig.engine.sent.length, 3);
  });

  it("ends without a word when nobody wants to know any more", async () => {
    const rig = new Rig("Room 7");
    rig.lookUp.cancel();
    assert.equal(rig.clock.pending, 0);
    assert.equal(await rig.hear(short), false);
    assert.equal(rig.resolution, null);
  });
});
