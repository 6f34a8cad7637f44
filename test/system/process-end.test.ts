// How a process ends: asked once, asked twice, and by a bug. In child processes, for each can end only once.

import assert from "node:assert/strict";
import { launch } from "../support/process.js";
import { until } from "../support/until.js";

const moduleUrl = new URL("../../src/system/process-end.js", import.meta.url).href;

describe("watchProcessEnd", () => {
  it("leaves time for an orderly end after a signal", async () => {
    const child = program("");
    await until("its start", () => child.log().includes("ready"));
    child.signal("SIGTERM");
    await until("the signal's arrival", () => child.log().includes("asked"));
    assert.equal(child.end, null);
    child.signal("SIGINT");
    assert.equal(await child.ended, "SIGINT");
  });

  it("says its last words before a bug ends it with exit code 1", async () => {
    const child = program('setTimeout(() => { throw new Error("boom"); })');
    assert.equal(await child.ended, "exit 1");
    assert.match(child.log(), /crashed: boom/);
  });

  it("takes a promise that nobody caught for a bug", async () => {
    const child = program('Promise.reject(new Error("boom"))');
    assert.equal(await child.ended, "exit 1");
    assert.match(child.log(), /crashed: boom/);
  });
});

function program(then: string) {
  const source = `
    import { writeSync } from "node:fs";
    import { watchProcessEnd } from ${JSON.stringify(moduleUrl)};
    const say = (text) => writeSync(1, text + "\\n");
    watchProcessEnd({ asked: () => say("asked"), crashed: (error) => say("crashed: " + error.message) });
    setInterval(() => {}, 1000);
    say("ready");
    ${then}`;
  return launch(process.execPath, ["--input-type=module", "-e", source]);
}
