// Old recordings go; what is young, in use, a link, or not ours stays.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteOldSessions } from "../../src/audio/recorder-retention.js";

const now = new Date("2026-11-25T12:00:00Z");
const longAgo = new Date("2026-01-01T00:00:00Z");

describe("recorder retention", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-test-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function session(name: string, changed: Date = longAgo): string {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, "musician-0-0-2.wav"), "RIFF");
    utimesSync(path, changed, changed);
    return path;
  }

  it("deletes the sessions that are older, by their name, and tells how many", async () => {
    session("Jam-20261122-115959000");
    session("Jam-20260101-000000000");
    session("Jam-20261122-120001000");
    assert.equal(await deleteOldSessions(folder, 3, now), 2);
    assert.deepEqual(readdirSync(folder), ["Jam-20261122-120001000"]);
  });

  it("keeps a session that was changed since, as one that is still being written, or begun with a wrong clock", async () => {
    session("Jam-20200101-000000000", new Date("2026-11-24T12:00:00Z"));
    assert.equal(await deleteOldSessions(folder, 3, now), 0);
  });

  it("keeps those it shall spare", async () => {
    session("Jam-20200101-000000000");
    assert.equal(await deleteOldSessions(folder, 3, now, new Set(["Jam-20200101-000000000"])), 0);
  });

  it("touches nothing that is not ours", async () => {
    const names = ["Photos", "Jam-20200101", "Jam-20200101-000000000.zip", "My Jam-20200101-000000000"];
    for (const name of names) session(name);
    mkdirSync(join(folder, "below", "Jam-20200101-000000000"), { recursive: true });
    writeFileSync(join(folder, "Jam-20200102-000000000"), "a file");
    utimesSync(join(folder, "Jam-20200102-000000000"), longAgo, longAgo);
    const before = readdirSync(folder);
    assert.equal(await deleteOldSessions(folder, 1, now), 0);
    assert.deepEqual(readdirSync(folder), before);
    assert.ok(existsSync(join(folder, "below", "Jam-20200101-000000000")));
  });

  it("follows no link, neither beside sessions nor within one", async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "plugjam-test-"));
    try {
      writeFileSync(join(elsewhere, "treasure"), "");
      symlinkSync(elsewhere, join(folder, "Jam-20200101-000000000"));
      const old = session("Jam-20200102-000000000");
      symlinkSync(elsewhere, join(old, "link"));
      utimesSync(old, longAgo, longAgo);
      assert.equal(await deleteOldSessions(folder, 1, now), 1);
      assert.deepEqual(readdirSync(folder), ["Jam-20200101-000000000"]);
      assert.ok(existsSync(join(elsewhere, "treasure")));
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("has nothing to do where there is no folder", async () => {
    assert.equal(await deleteOldSessions(join(folder, "none"), 1, now), 0);
  });
});
