// What a box is told of a configuration that could not be taken, by whoever made the one it runs with.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportedTrouble } from "../../src/cli/config-trouble.js";

describe("reported trouble", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-report-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  function trouble(report: string) {
    writeFileSync(join(folder, "problems.json"), report);
    return reportedTrouble(join(folder, "plugjam.toml"));
  }

  it("is read from beside the configuration, without folders where it stands", () => {
    const first = {
      where: "/boot/firmware/plugjam.toml:3",
      key: "role",
      what: "cannot be 1",
      allowed: '"box"',
    };
    const second = { where: "boxes.csv:2", key: null, what: "has 3 columns", allowed: null };
    assert.deepEqual(trouble(JSON.stringify({ instead: "defaults", problems: [first, second] })), {
      where: "plugjam.toml:3",
      key: "role",
      what: 'cannot be 1; allowed: "box"',
      sentences: [
        '/boot/firmware/plugjam.toml:3: role: cannot be 1; allowed: "box"',
        "boxes.csv:2: has 3 columns",
      ],
      instead: "defaults",
    });
  });

  it("is none where there is no report, or none that can be read", () => {
    assert.equal(reportedTrouble("/nowhere/plugjam.toml"), null);
    for (const report of [
      "",
      "{",
      "null",
      '{"instead":"x","problems":[]}',
      '{"instead":"defaults","problems":[]}',
    ]) {
      assert.equal(trouble(report), null, report);
    }
  });
});
