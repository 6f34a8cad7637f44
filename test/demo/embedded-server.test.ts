// The demo's server comes up, answers, and goes without a trace; its absence is said in one line.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { NoServer, startEmbeddedServer } from "../../src/demo/embedded-server.js";

describe("startEmbeddedServer", function () {
  this.timeout(60_000);
  let folder: string;
  const never = new AbortController().signal;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "plugjam-test-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("answers on loopback when it is there, and ends when told", async () => {
    const server = await startEmbeddedServer(folder, never);
    assert.match(server.address, /^127\.0\.0\.1:\d+$/);
    await server.stop();
    await server.ended;
  });

  it("can be called off while it starts", async () => {
    const cancel = new AbortController();
    const starting = startEmbeddedServer(folder, cancel.signal);
    setImmediate(() => cancel.abort());
    await assert.rejects(starting, { name: "AbortError" });
  });

  it("says what to do where Jamulus is not installed", async () => {
    const { PATH } = process.env;
    const bare = path.join(folder, "bin");
    await mkdir(bare);
    await symlink("/usr/bin/setpriv", path.join(bare, "setpriv"));
    process.env.PATH = bare;
    try {
      await assert.rejects(
        startEmbeddedServer(folder, never),
        (error) => error instanceof NoServer && /not installed: apt-get install jamulus/.test(error.message),
      );
    } finally {
      process.env.PATH = PATH;
    }
  });
});
