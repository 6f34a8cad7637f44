// The log's two faces: one for a journal, one for a person.

import assert from "node:assert/strict";
import { createLogger } from "../../src/lib/logger.js";

describe("logger", () => {
  it("writes JSON where nobody looks on", () => {
    const { output, text } = collector(false);
    createLogger("info", output).warn("no sound card");
    const line = JSON.parse(text());
    assert.deepEqual([line.level, line.msg], ["warn", "no sound card"]);
    assert.ok(Math.abs(Date.parse(line.time) - Date.now()) < 60_000);
  });

  it("writes a plain line for a person", () => {
    const { output, text } = collector(true);
    createLogger("info", output).warn("no sound card");
    assert.match(text(), /^\d\d:\d\d:\d\d warn {2}no sound card\n$/);
  });

  it("shows where an error came from", () => {
    const { output, text } = collector(true);
    createLogger("debug", output).error({ err: new Error("boom") }, "a bug");
    assert.match(text(), /error a bug\nError: boom\n.*at /s);
  });

  it("quotes nothing from an error at its default level", () => {
    const details = { code: "ENOTFOUND", hostname: "jam.example" };
    const error = Object.assign(new Error("getaddrinfo jam.example\n    at jam.example"), details);
    for (const isTTY of [true, false]) {
      const { output, text } = collector(isTTY);
      createLogger("info", output).error({ err: error }, "a bug");
      createLogger("info", output).error({ err: "jam.example" }, "a bug");
      assert.match(text(), /Error ENOTFOUND(\n|\\n) {4}at .*logger\.test/);
      assert.doesNotMatch(text(), /jam\.example/);
    }
  });

  it("keeps to its level", () => {
    const { output, text } = collector(false);
    createLogger("warn", output).info("joined");
    createLogger("silent", output).fatal("joined");
    assert.equal(text(), "");
  });
});

function collector(isTTY: boolean) {
  let written = "";
  const output = { isTTY, write: (text: string) => (written += text) };
  return { output, text: () => written };
}
