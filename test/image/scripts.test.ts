// Every shell script of the tree, as shellcheck sees it.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Of the files that git knows or would know: those that begin with a shell's name. */
function shellScripts(): string[] {
  const names = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  return names
    .split("\0")
    .filter((name) => name !== "" && !/\.(ts|mjs|cpp|h|c|png|svg|json|md)$/.test(name))
    .filter((name) => /^#!.*\b(sh|bash|dash)\b/.test(firstLine(name)));
}

function firstLine(name: string): string {
  try {
    return readFileSync(name, "utf8").split("\n", 1)[0]!;
  } catch {
    return "";
  }
}

describe("shell scripts", function () {
  this.timeout(60_000);

  it("please shellcheck", () => {
    const scripts = shellScripts();
    assert.ok(scripts.includes("image/initrd/init"), "the scripts were not found");
    const { stdout, stderr } = spawnSync("shellcheck", ["--external-sources", ...scripts], {
      encoding: "utf8",
    });
    assert.equal(stdout + stderr, "");
  });

  it("would not please it with an unquoted name", () => {
    const { status } = spawnSync("shellcheck", ["-"], { input: "#!/bin/sh\nrm $1\n" });
    assert.equal(status, 1);
  });
});
