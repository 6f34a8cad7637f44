// A session with a server that only a directory knows.

import assert from "node:assert/strict";
import { connectionlessDatagram } from "../../src/protocol/index.js";
import { peer, Rig, server } from "./rig.js";

const directory = { address: "192.168.1.2", port: 22124 };
const listed = { name: "Room 7", address: "directory:dir.school" };

describe("a session by way of a directory", () => {
  const list = connectionlessDatagram({
    kind: "CLM_RED_SERVER_LIST",
    servers: [{ ...peer, serverName: "Room 7" }],
  });
  const nothing = connectionlessDatagram({ kind: "CLM_SERVER_LIST", servers: [] });
  const turn = () => new Promise((done) => setImmediate(done));
  let rig: Rig;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    rig = new Rig({
      resolve: async (address) => {
        asked.push(address);
        return { found: true, endpoint: directory };
      },
    });
    rig.session.start(listed, { enquireFirst: false });
    await turn();
  });

  it("looks the directory up, asks it for the list, and joins the server of that name", async () => {
    assert.deepEqual(asked, ["dir.school"]);
    assert.deepEqual(
      rig.engine.sent.map(({ message, to }) => [message.kind, to]),
      [["CLM_REQ_SERVER_LIST", directory]],
    );
    rig.receive(list, directory);
    await turn();
    assert.deepEqual(rig.session.peer, peer);
    rig.serverSays({ kind: "CLIENT_ID", channel: 3 });
    assert.equal(rig.eventsOf("session.connected").length, 1);
  });

  it("enters into the ledger what the directory got, and what the server", async () => {
    rig.receive(list, directory);
    await turn();
    const ledger = rig.eventsOf("session.disclosed").map(({ disclosure: { what, to } }) => `${what} ${to}`);
    assert.deepEqual(ledger, [
      "name-lookup name service",
      "address dir.school",
      "list-request dir.school",
      "address 127.0.0.1:22124",
      "audio 127.0.0.1:22124",
      "enquiry 127.0.0.1:22124",
    ]);
  });

  it("is asked for where it was found last, so that the box is back soon after it is", async () => {
    rig.session.probe(listed);
    await turn();
    assert.equal(rig.sentOf("CLM_PING_MS").length, 0, "nobody knows where");
    rig.receive(list, directory);
    await turn();
    rig.session.leave();
    rig.advance(100);
    rig.advance(1000);
    asked = [];
    rig.session.probe(listed);
    await turn();
    assert.deepEqual(asked, ["127.0.0.1:22124"]);
    assert.equal(rig.sentOf("CLM_PING_MS").length, 1);
    rig.session.probe({ ...listed, name: "Room 8" });
    rig.advance(10_000);
    await turn();
    assert.equal(rig.sentOf("CLM_PING_MS").length, 1);
  });

  it("says which name is not on the list", async () => {
    rig.receive(nothing, directory);
    await turn();
    assert.deepEqual(
      rig.eventsOf("session.ended").map(({ reason }) => reason),
      [{ kind: "not-found", host: "Room 7" }],
    );
    assert.equal(rig.clock.pending, 0);
  });

  it("is given up while the directory is asked, and forgets its answer", async () => {
    rig.session.leave();
    assert.deepEqual(
      rig.eventsOf("session.ended").map(({ reason }) => reason.kind),
      ["left"],
    );
    rig.receive(list, directory);
    await turn();
    assert.equal(rig.session.peer, null);
    assert.equal(rig.clock.pending, 0);
  });

  it("is cut short by a session with another server", async () => {
    rig.session.start({ ...server, address: "127.0.0.1" }, { enquireFirst: false });
    await turn();
    rig.receive(list, directory);
    await turn();
    assert.deepEqual(rig.session.peer, directory, "the look-up's only answer");
    assert.equal(rig.eventsOf("session.ended").length, 0);
  });
});
