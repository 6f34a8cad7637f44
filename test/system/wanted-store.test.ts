// What is remembered across a power cut, and every way in which a disk can spoil it.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateFolder, WantedStore } from "../../src/system/wanted-store.js";
import * as places from "../support/box-state.js";

const school = { server: places.school, muted: false };
const club = { server: places.club, muted: true };

describe("WantedStore", () => {
  let folder: string;
  let warnings: string[];
  const open = (where = folder) =>
    new WantedStore(where, { warn: (text: unknown) => warnings.push(String(text)) });
  const file = () => join(folder, "wanted.json");

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-wanted-"));
    warnings = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("remembers, in a folder that it makes", async () => {
    const deep = join(folder, "a", "b");
    const store = open(deep);
    assert.equal(store.load(), null);
    store.store(school);
    await store.settled();
    assert.deepEqual(open(deep).load(), school);
    assert.deepEqual(readdirSync(deep), ["wanted.json"]);
    assert.deepEqual(warnings, []);
  });

  it("writes the last of many wishes", async () => {
    const store = open();
    for (const wish of [school, null, club, null, school, club]) store.store(wish);
    await store.settled();
    assert.deepEqual(open().load(), club);
    store.store(null);
    await store.settled();
    assert.equal(open().load(), null);
    assert.deepEqual(warnings, []);
  });

  it("does not wear the memory card with what is there already", async () => {
    const first = open();
    first.store(school);
    await first.settled();
    const before = statSync(file()).ino;
    const second = open();
    second.store(second.load());
    await second.settled();
    assert.equal(statSync(file()).ino, before);
  });

  it("writes another wish after one that was there already", async () => {
    const first = open();
    first.store(school);
    await first.settled();
    const second = open();
    // As at each start of a box that was on a server.
    second.store(second.load());
    await second.settled();
    for (const wish of [club, club, null, null, school]) {
      second.store(wish);
      await second.settled();
      assert.deepEqual(open().load(), wish);
    }
  });

  it("takes a file cut at any length, or garbage, for none, and says so in one line", async () => {
    const store = open();
    store.store(school);
    await store.settled();
    const whole = readFileSync(file());
    const broken = [...Array(whole.length - 1).keys()].map((length) => whole.subarray(0, length));
    broken.push(Buffer.from([0, 255, 254, 7]), Buffer.from('{"name":1,"address":"a"}'), Buffer.from("[]"));
    for (const bytes of broken) {
      writeFileSync(file(), bytes);
      warnings = [];
      assert.equal(open().load(), null);
      assert.equal(warnings.length, 1, bytes.toString());
      assert.ok(!warnings[0]?.includes("\n"));
    }
  });

  it("finds the last wish of a box that was killed while the disk took it, and the one before if only half is there", async () => {
    const store = open();
    store.store(school);
    await store.settled();
    const draft = `${file()}.new`;
    const whole = JSON.stringify({ ...club.server, muted: true });
    writeFileSync(draft, whole.slice(0, -3));
    assert.deepEqual(open().load(), school);
    writeFileSync(draft, whole);
    const next = open();
    assert.deepEqual(next.load(), club);
    next.store(club);
    await next.settled();
    assert.deepEqual(readdirSync(folder), ["wanted.json"]);
    assert.deepEqual(open().load(), club);
    writeFileSync(draft, "null");
    assert.equal(open().load(), null);
    assert.deepEqual(warnings, []);
  });

  it("reads what a version before mutes were remembered has written", () => {
    writeFileSync(file(), JSON.stringify(school.server));
    assert.deepEqual(open().load(), school);
  });

  it("carries on where nothing can be written", async () => {
    writeFileSync(join(folder, "file"), "");
    const store = open(join(folder, "file", "below"));
    store.store(school);
    await store.settled();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /cannot be written.*ENOTDIR/);
    assert.equal(store.trouble, warnings[0]);
    rmSync(join(folder, "file"));
    store.store(club);
    await store.settled();
    assert.equal(store.trouble, null);
  });
});

describe("stateFolder", () => {
  it("is systemd's first, else the user's", () => {
    assert.equal(stateFolder({ STATE_DIRECTORY: "/var/lib/plugjam:/var/lib/other" }), "/var/lib/plugjam");
    assert.equal(stateFolder({ XDG_STATE_HOME: "/home/ann/state" }), "/home/ann/state/plugjam");
    assert.match(stateFolder({}), /\/\.local\/state\/plugjam$/);
  });
});
