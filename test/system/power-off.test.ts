// Switching the machine off: what is asked of systemd, and what is said when it refuses.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { powerOff } from "../../src/system/power-off.js";

describe("powerOff", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-power-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function command(script: string): string {
    const file = join(folder, "systemctl");
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  }

  it("asks for it, and has nothing to say when it goes well", async () => {
    const said = join(folder, "said");
    assert.equal(await powerOff(command(`echo "$@" > ${said}`)), null);
    assert.equal(readFileSync(said, "utf8"), "poweroff\n");
  });

  it("says in one sentence why it cannot be done", async () => {
    const refusal = await powerOff(command('echo "Access denied" >&2; exit 1'));
    assert.match(refusal ?? "", /^The machine cannot be .*\(Access denied\): pull the plug/);
  });

  it("says so where there is no such command", async () => {
    assert.match((await powerOff(join(folder, "none"))) ?? "", /\(ENOENT\)/);
  });
});
