// Which texts name a server.

import assert from "node:assert/strict";
import { isThisMachine, parseServerAddress, writeServerAddress } from "../../src/lib/server-address.js";

describe("server address", () => {
  const good: readonly (readonly [string, string, number | null])[] = [
    ["jam.example.org", "jam.example.org", null],
    ["jam.example.org.", "jam.example.org.", null],
    ["jam.example.org:22124", "jam.example.org", 22124],
    ["localhost:1", "localhost", 1],
    ["192.0.2.7", "192.0.2.7", null],
    ["192.0.2.7:65535", "192.0.2.7", 65535],
    ["[2001:db8::1]:22124", "2001:db8::1", 22124],
    ["[::1]", "::1", null],
  ];
  for (const [text, host, port] of good) {
    it(`takes ${text}`, () => assert.deepEqual(parseServerAddress(text), { host, port }));
  }

  const bad = [
    "",
    " ",
    "a b",
    "a:",
    ":1",
    "a:0",
    "a:65536",
    "a:1:2",
    "a:x",
    "2001:db8::1",
    "[192.0.2.7]:1",
    "[jam]:1",
    "[]:1",
    "[::1",
    "192.0.2",
    "192.0.2.256",
    "-jam.example",
    "jam..example",
    "jam/example",
    "a\n",
    "x".repeat(64),
    `${"x.".repeat(127)}x`,
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseServerAddress(text), null));
  }

  it("is written as it is read", () => {
    for (const [address, port] of [
      ["192.0.2.7", 22124],
      ["2001:db8::1", 1],
    ] as const) {
      assert.deepEqual(parseServerAddress(writeServerAddress(address, port)), { host: address, port });
    }
  });

  it("knows this machine by its names and numbers", () => {
    const ours = ["localhost", "LocalHost.", "box.localhost", "127.0.0.1", "127.9.9.9", "::1"];
    assert.deepEqual(ours.filter(isThisMachine), ours);
    const others = ["", "localhost.example", "notlocalhost", "127.example", "192.0.2.7", "::2"];
    assert.deepEqual(others.filter(isThisMachine), []);
  });
});
