// The list of servers: who gets on it, who is shown what, who is forgotten, and what a restart leaves.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Directory, type ServerInfo } from "../../src/hub/directory.js";
import { connectionlessDatagram, type Message, maxDatagramBytes } from "../../src/protocol/index.js";
import { Rig, type RigOptions, stateFolder } from "./rig.js";

const minute = 60_000;
const room: ServerInfo = {
  port: 22130,
  country: 206,
  maxClients: 10,
  permanent: false,
  serverName: "Room 7",
  internalAddress: "10.0.0.7",
  city: "Bern",
};

function register(info: Partial<ServerInfo> = {}): Message {
  return { kind: "CLM_REGISTER_SERVER_EX", ...room, ...info, os: 2, version: "3.9.1" };
}

function directoryRig(settings: RigOptions["settings"] = {}, options: RigOptions = {}): Rig {
  return new Rig({ ...options, settings: { directory: true, ...settings } });
}

function listFor(rig: Rig, address = "127.0.0.1"): [string, number, string][] {
  const asks = rig.client("asks", 50000, address).say({ kind: "CLM_REQ_SERVER_LIST" });
  return asks
    .heardOf("CLM_SERVER_LIST")
    .at(-1)!
    .servers.map(({ address, port, serverName }) => [address, port, serverName]);
}

describe("hub: directory", () => {
  it("lists itself first, then who registered in either form", () => {
    const rig = directoryRig();
    const seven = rig.client("7", 22130).say(register());
    const { os, version, ...old } = register({ serverName: "Room 8" }) as Extract<
      Message,
      { kind: "CLM_REGISTER_SERVER_EX" }
    >;
    const eight = rig.client("8", 22131).say({ ...old, kind: "CLM_REGISTER_SERVER" });
    for (const server of [seven, eight])
      assert.deepEqual(
        server.heardOf("CLM_REGISTER_SERVER_RESP").map(({ result }) => result),
        [0],
      );
    const asks = rig.client("asks", 50000).say({ kind: "CLM_REQ_SERVER_LIST" });
    assert.deepEqual(
      asks.heard.map(({ kind }) => kind),
      ["CLM_RED_SERVER_LIST", "CLM_SERVER_LIST"],
    );
    assert.deepEqual(asks.heardOf("CLM_SERVER_LIST")[0]?.servers, [
      {
        address: "0.0.0.0",
        port: 0,
        country: 206,
        maxClients: 10,
        permanent: true,
        serverName: "School",
        internalAddress: "",
        city: "Bern",
      },
      { ...room, address: "127.0.0.1", internalAddress: "" },
      { ...room, address: "127.0.0.1", port: 22131, serverName: "Room 8", internalAddress: "" },
    ]);
    assert.deepEqual(asks.heardOf("CLM_RED_SERVER_LIST")[0]?.servers, [
      { address: "0.0.0.0", port: 0, serverName: "School" },
      { address: "127.0.0.1", port: 22130, serverName: "Room 7" },
      { address: "127.0.0.1", port: 22131, serverName: "Room 8" },
    ]);
    assert.equal(rig.hub.status().listed, 2);
  });

  it("renews an entry, and takes it off when its server leaves", () => {
    const rig = directoryRig();
    const server = rig.client("7", 22130).say(register());
    server.say(register({ serverName: "Choir" }));
    assert.deepEqual(
      listFor(rig).map(([, , name]) => name),
      ["School", "Choir"],
    );
    server.say({ kind: "CLM_UNREGISTER_SERVER" });
    assert.deepEqual(
      listFor(rig).map(([, , name]) => name),
      ["School"],
    );
    assert.equal(server.heardOf("CLM_REGISTER_SERVER_RESP").length, 2);
  });

  it("forgets a server after 33 minutes, and not before", () => {
    const rig = directoryRig();
    rig.client("7", 22130).say(register());
    rig.clock.advance(33 * minute);
    assert.equal(rig.hub.status().listed, 1);
    rig.clock.advance(minute);
    assert.equal(rig.hub.status().listed, 0);
  });

  it("keeps the way open each 59 s to who shows that it is there, and to nobody else", () => {
    const rig = directoryRig();
    const server = rig.client("7", 22130).say(register());
    rig.clock.advance(59_000);
    assert.equal(server.attend().heardOf("CLM_EMPTY_MESSAGE").length, 1);
    rig.clock.advance(59_000);
    assert.equal(server.attend().heardOf("CLM_EMPTY_MESSAGE").length, 1);
    server.say({ kind: "CLM_EMPTY_MESSAGE" });
    rig.clock.advance(59_000);
    assert.equal(server.attend().heardOf("CLM_EMPTY_MESSAGE").length, 2);
  });

  it("has room for 149 servers beside itself, and keeps within one datagram", () => {
    const rig = directoryRig({ public: true });
    const long = "ü".repeat(20);
    for (let i = 0; i < 150; i += 1) {
      const server = rig
        .client("x", 20000 + i, `10.0.${i % 7}.9`)
        .say(register({ serverName: long, city: long }));
      assert.equal(server.heardOf("CLM_REGISTER_SERVER_RESP")[0]?.result, i < 149 ? 0 : 1);
    }
    assert.equal(listFor(rig).length, 150);
    const directory = new Directory({ own: room, admits: () => true }, 0);
    const longest = "€".repeat(20);
    for (let i = 0; i < 149; i += 1)
      directory.register(
        { address: "10.0.0.1", port: 1 + i },
        { ...room, serverName: longest, city: longest },
        0,
      );
    const [, full] = directory.answerTo({ address: "10.0.0.2", port: 1 }).lists;
    assert.ok(full.servers.length > 140 && full.servers.length < 150);
    assert.ok(connectionlessDatagram(full).length <= maxDatagramBytes);
  });

  it("lets no single network from outside fill the list", () => {
    const rig = directoryRig({ public: true });
    const results = Array.from({ length: 17 }, (_, i) =>
      rig
        .client("x", 20000 + i, "203.0.113.5")
        .say(register())
        .heardOf("CLM_REGISTER_SERVER_RESP")
        .map(({ result }) => result),
    ).flat();
    assert.deepEqual(results, [...new Array<number>(16).fill(0), 1]);
  });

  it("admits servers by their network", () => {
    const rig = directoryRig({ directoryAllow: ["10.1.0.0/16", "10.2.0.1"], directoryDeny: ["10.1.9.0/24"] });
    const results = ["10.1.2.3", "10.2.0.1", "10.1.9.4", "10.3.0.1", "fe80::1"].map(
      (address) =>
        rig.client("x", 22130, address).say(register()).heardOf("CLM_REGISTER_SERVER_RESP")[0]?.result,
    );
    assert.deepEqual(results, [0, 0, 3, 3, 3]);
  });

  it("takes no list of networks that is none", () => {
    assert.throws(() => directoryRig({ directoryDeny: ["school"] }));
  });

  it("shows each asker the address by which it reaches the server", () => {
    const rig = directoryRig({ public: true });
    rig.client("p", 22130, "203.0.113.5").say(register());
    rig.client("q", 22131, "192.168.1.9").say(register({ serverName: "Lan", internalAddress: "" }));
    const shown = (from: string) =>
      listFor(rig, from)
        .slice(1)
        .map(([address, port]) => `${address}:${port}`);
    assert.deepEqual(shown("192.168.1.20"), ["203.0.113.5:22130", "192.168.1.9:22131"]);
    assert.deepEqual(shown("198.51.100.1"), ["203.0.113.5:22130", "127.0.0.1:22130"]);
    assert.deepEqual(shown("203.0.113.5"), ["10.0.0.7:22130", "127.0.0.1:22130"]);
  });

  it("takes the port that a server registered from where it names none within its network", () => {
    const rig = directoryRig({ public: true });
    rig.client("p", 22130, "203.0.113.5").say(register({ port: 0 }));
    assert.deepEqual(listFor(rig, "203.0.113.5").slice(1), [["10.0.0.7", 22130, "Room 7"]]);
    assert.deepEqual(
      rig.sentTo({ address: "10.0.0.7", port: 22130 }).map(({ message }) => message.kind),
      ["CLM_SEND_EMPTY_MESSAGE"],
    );
  });

  it("asks servers outside to open their way to an asker, and never those of a private network", () => {
    const rig = directoryRig({ public: true });
    const outside = rig.client("p", 22130, "203.0.113.5").say(register());
    const inside = rig.client("q", 22131, "192.168.1.9").say(register());
    listFor(rig, "198.51.100.1");
    assert.deepEqual(outside.attend().heardOf("CLM_SEND_EMPTY_MESSAGE"), [
      { kind: "CLM_SEND_EMPTY_MESSAGE", address: "198.51.100.1", port: 50000 },
    ]);
    assert.deepEqual(inside.attend().heardOf("CLM_SEND_EMPTY_MESSAGE"), []);
  });

  it("says nothing of servers where it is no directory", () => {
    const rig = new Rig();
    const server = rig.client("7", 22130).say(register());
    server.say({ kind: "CLM_REQ_SERVER_LIST" });
    assert.deepEqual(server.heard, []);
    assert.equal(rig.hub.status().listed, null);
  });

  it("knows its servers again after a restart", async () => {
    const folder = stateFolder();
    const first = directoryRig({}, { stateFolder: folder });
    first.client("7", 22130).say(register());
    first.clock.advance(10_000);
    await first.hub.stop("for-good");
    assert.match(readFileSync(join(folder, "directory.json"), "utf8"), /Room 7/);
    const second = directoryRig({}, { stateFolder: folder });
    assert.deepEqual(listFor(second), [
      ["0.0.0.0", 0, "School"],
      ["127.0.0.1", 22130, "Room 7"],
    ]);
    second.clock.advance(33 * minute);
    assert.equal(second.hub.status().listed, 1, "with its full time");
    await second.hub.stop("for-good");
  });

  it("writes a burst of registrations once, and all of it at the end", async () => {
    const folder = stateFolder();
    const rig = directoryRig({}, { stateFolder: folder });
    for (let i = 0; i < 20; i += 1) rig.client("x", 23000 + i).say(register({ serverName: `Room ${i}` }));
    await rig.hub.stop("for-good");
    const kept = JSON.parse(readFileSync(join(folder, "directory.json"), "utf8")) as unknown[];
    assert.equal(kept.length, 20);
  });

  const nowhere = { endpoint: { address: "192.168.1.7", port: 0 }, info: room };
  for (const damaged of ['[{"endpoint":"Secret"}]', JSON.stringify([nowhere])]) {
    it(`begins anew where the list cannot be read, and says so without quoting it: ${damaged}`, async () => {
      const folder = stateFolder();
      writeFileSync(join(folder, "directory.json"), damaged);
      const rig = directoryRig({}, { stateFolder: folder });
      rig.clock.advance(2 * minute);
      assert.equal(rig.hub.status().listed, 0);
      assert.deepEqual(rig.warnings, ["the directory's list cannot be read and begins anew: it is damaged"]);
      await rig.hub.stop("for-good");
    });
  }
});
