// `npm run bundle`, as a school uses it: a key, and what it says where something is missing.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPrivateKey } from "../../image/bundle/key-file.js";
import { publicWord } from "../../image/update/update-key.js";
import { newFolder } from "./update-rig.js";

const tool = fileURLToPath(new URL("../../image/bundle/make-bundle.js", import.meta.url));

describe("npm run bundle", () => {
  let folder: string;

  beforeEach(() => {
    folder = newFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(...words: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...words], { encoding: "utf8" });
    return { status, stdout, stderr };
  }

  it("makes a key that nobody else may read, and prints its line for plugjam.toml", () => {
    const key = join(folder, "school.pem");
    const { status, stdout } = run("--new-key", key);
    assert.equal(status, 0);
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assert.ok(stdout.includes(`[update]\nkeys = ["${publicWord(readPrivateKey(key))}"]`), stdout);
  });

  it("never writes over a key", () => {
    const key = join(folder, "school.pem");
    run("--new-key", key);
    const before = readFileSync(key, "utf8");
    const { status, stderr } = run("--new-key", key);
    assert.equal(status, 1);
    assert.match(stderr, /is there already: name another file/);
    assert.equal(readFileSync(key, "utf8"), before);
  });

  it("says in one line what is missing, and what to do", () => {
    const key = join(folder, "school.pem");
    const text = join(folder, "text");
    writeFileSync(text, "no key");
    const none = run("--key", key);
    assert.match(none.stderr, /^bundle: \S+ is missing\. Make a key: npm run bundle -- --new-key \S+\n$/);
    assert.equal(none.status, 1);
    assert.match(run("--key", text).stderr, /cannot be read as a private key/);
    assert.match(run().stderr, /Say which key signs/);
    run("--new-key", key);
    const rootless = run("--key", key, "--root", join(folder, "root"));
    assert.match(rootless.stderr, /root is missing\. Run: npm run image\n$/);
    assert.match(run("--key", key, "--image", text).stderr, /holds no system/);
    assert.equal(run("--keys", key).status, 2);
  });
});
