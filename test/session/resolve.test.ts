// Addresses, names and SRV records, with a name service that the test plays.

import assert from "node:assert/strict";
import { asksNameService, type Resolvers, resolveServer } from "../../src/session/resolve.js";

interface Played extends Resolvers {
  readonly asked: string[];
}

const host = "jam.example";
type Records = { name: string; port: number }[] | "fails" | "hangs";

function names(srv: Records, addresses: Record<string, string>): Played {
  const asked: string[] = [];
  return {
    asked,
    async lookup(name) {
      asked.push(name);
      const address = addresses[name];
      if (address === undefined) throw new Error("ENOTFOUND");
      return { address };
    },
    resolveSrv(name) {
      asked.push(name);
      if (srv === "hangs") return new Promise(() => {});
      return srv === "fails" ? Promise.reject(new Error("ENODATA")) : Promise.resolve(srv);
    },
  };
}

const found = (address: string, port: number) => ({ found: true, endpoint: { address, port } });

describe("resolving a server's address", () => {
  const numeric: [string, string, number][] = [
    ["192.0.2.7", "192.0.2.7", 22124],
    ["192.0.2.7:1234", "192.0.2.7", 1234],
    [" 192.0.2.7 : 1234 ", "192.0.2.7", 1234],
    ["[2001:db8::7]", "2001:db8::7", 22124],
    ["[2001:DB8:0:0:0:0:0:7]:99", "2001:db8::7", 99],
    ["[::ffff:192.0.2.7]", "192.0.2.7", 22124],
    ["[::FFFF:C000:207]:5", "192.0.2.7", 5],
    ["[fe80::1%eth0]", "fe80::1%eth0", 22124],
  ];
  for (const [text, address, port] of numeric) {
    it(`takes ${text} as it is, and asks nobody`, async () => {
      const resolvers = names([], {});
      assert.deepEqual(await resolveServer(text, resolvers), found(address, port));
      assert.deepEqual(resolvers.asked, []);
    });
  }

  const srv: [string, Records, string, number][] = [
    ["uses the one SRV record of a bare name", [{ name: "a.example", port: 7 }], "192.0.2.1", 7],
    [
      "ignores two SRV records",
      [
        { name: "a.example", port: 7 },
        { name: "b.example", port: 8 },
      ],
      "192.0.2.9",
      22124,
    ],
    ["ignores an SRV record with port 0", [{ name: "a.example", port: 0 }], "192.0.2.9", 22124],
    ["does without an SRV record", [], "192.0.2.9", 22124],
    ["does without when the look-up fails", "fails", "192.0.2.9", 22124],
    ["does without when the look-up takes too long", "hangs", "192.0.2.9", 22124],
  ];
  for (const [what, records, address, port] of srv) {
    it(what, async () => {
      const resolvers = names(records, { "a.example": "192.0.2.1", [host]: "192.0.2.9" });
      assert.deepEqual(await resolveServer(host, resolvers, 20), found(address, port));
      assert.equal(resolvers.asked[0], "_jamulus._udp.jam.example");
    });
  }

  it("takes a target of nothing for: no such service here", async () => {
    for (const name of ["", "."]) {
      const resolvers = names([{ name, port: 0 }], { [host]: "192.0.2.9" });
      assert.deepEqual(await resolveServer(host, resolvers), { found: false, host });
    }
  });

  it("looks for no SRV record where a port is named, or the name is a local one", async () => {
    const local = { [host]: "2001:db8::9", localhost: "127.0.0.1", "hub.local": "192.0.2.3" };
    for (const address of [`${host}:22124`, "localhost", "hub.local"]) {
      const resolvers = names([{ name: "a.example", port: 7 }], local);
      assert.ok((await resolveServer(address, resolvers)).found);
      assert.equal(resolvers.asked.length, 1);
    }
  });

  it("finds nothing behind unknown names and nonsense, and says which", async () => {
    const resolvers = names([], {});
    assert.deepEqual(await resolveServer("gone.example:5", resolvers), {
      found: false,
      host: "gone.example",
    });
    assert.deepEqual(await resolveServer("a:b:c", resolvers), { found: false, host: "a:b:c" });
    assert.deepEqual(await resolveServer("[::1]:70000", resolvers), { found: false, host: "[::1]:70000" });
  });

  const askers: [string, boolean][] = [
    ["192.0.2.7:1234", false],
    ["[2001:db8::7]", false],
    ["localhost", false],
    ["box.localhost:22124", false],
    ["a:b:c", false],
    ["jam.example", true],
    [" jam.example : 22124 ", true],
    ["printer.local", true],
  ];
  for (const [address, asks] of askers) {
    it(`${asks ? "asks" : "asks nobody"} on the network for ${address}`, () => {
      assert.equal(asksNameService(address), asks);
    });
  }
});
