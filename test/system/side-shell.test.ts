// The shell at the box's side: what commands print, how they fail, and how it ends.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SideShell } from "../../src/system/side-shell.js";

describe("the side shell", () => {
  let shell: SideShell;

  beforeEach(() => {
    shell = new SideShell();
  });
  afterEach(() => shell.close());

  it("gives what commands print, each its own, in whatever haste they are asked for", async () => {
    const printed = await Promise.all([shell.run("echo", "one"), shell.run("seq", "3"), shell.run("true")]);
    assert.deepEqual(printed, ["one", "1\n2\n3", ""]);
  });

  it("hears the end of a command that ends in the middle of a line", async () => {
    assert.equal(await shell.run("printf", "one\\ntw"), "one\ntw");
    assert.equal(await shell.run("echo", "three"), "three");
  });

  it("gives null for what fails, is not there, or takes too long, and goes on", async () => {
    assert.equal(await shell.run("false"), null);
    assert.equal(await shell.run("no-such-command"), null);
    assert.equal(await shell.run("sleep", "60"), null);
    assert.equal(await shell.run("echo", "still", "here"), "still here");
  });

  it("waits for no command that will not be ended either, and goes on", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-stubborn-"));
    const stubborn = join(folder, "stubborn");
    writeFileSync(stubborn, "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n", { mode: 0o700 });
    assert.equal(await shell.run(stubborn), null);
    assert.equal(await shell.run("echo", "here"), "here");
    rmSync(folder, { recursive: true });
  });

  it("takes words for words, whatever a shell would make of them", async () => {
    assert.equal(await shell.run("echo", "$HOME;id", "*", "`id`", "$(id)"), "$HOME;id * `id` $(id)");
  });

  it("leaves nobody waiting when it ends", async () => {
    const late = shell.run("sleep", "1");
    shell.close();
    assert.equal(await late, null);
    assert.equal(await shell.run("echo"), null);
  });
});
