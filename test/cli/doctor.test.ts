// The doctor: what it examines, and what it says.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Check, nodeVersion } from "../../src/cli/doctor-checks.js";
import { ControlServer } from "../../src/control/control-server.js";
import { systemClock } from "../../src/lib/clock.js";
import { FakeBox } from "../control/fake-box.js";
import { plugjam } from "./command.js";

describe("doctor", () => {
  let folder: string;
  let socket: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-doctor-"));
    socket = join(folder, "control.sock");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function examine(...args: readonly string[]): Promise<Map<string, Check>> {
    const { code, out } = await plugjam("doctor", "--json", "--socket", socket, ...args);
    const checks = JSON.parse(out) as Check[];
    assert.equal(code, checks.every((check) => check.ok) ? 0 : 1);
    return new Map(checks.map((check) => [check.check, check]));
  }

  it("examines everything, and says what to do about each thing that is wrong", async () => {
    const checks = await examine();
    assert.deepEqual(
      [...checks.keys()],
      ["Node.js", "sound engine", "sound device", "realtime priority", "locked memory", "running box"],
    );
    for (const { check, ok, detail, fix } of checks.values()) {
      assert.notEqual(detail, "", check);
      assert.equal(fix === undefined, ok, check);
    }
    assert.equal(checks.get("Node.js")?.ok, true);
    assert.equal(checks.get("sound engine")?.ok, true);
    assert.deepEqual(checks.get("running box"), {
      check: "running box",
      ok: false,
      detail: `No box answers at ${socket}`,
      fix: "Start one with `plugjam run`, or name its socket with --socket.",
    });
  });

  it("finds a box that runs", async () => {
    const box = new FakeBox();
    const server = new ControlServer({
      path: socket,
      box,
      clock: systemClock,
      logger: { warn: assert.fail, error: assert.fail },
    });
    assert.equal(await server.start(), null);
    const checks = await examine();
    await server.stop();
    assert.deepEqual(checks.get("running box"), {
      check: "running box",
      ok: true,
      detail: `version 0.0.0 answers at ${socket}`,
    });
  });

  it("reads the configuration", async () => {
    const file = join(folder, "plugjam.toml");
    writeFileSync(file, "");
    assert.deepEqual((await examine("--config", file)).get("configuration"), {
      check: "configuration",
      ok: true,
      detail: `${file} is good`,
    });
    writeFileSync(file, "[audio]\nperiods = 1\njitter = 0");
    assert.deepEqual((await examine("--config", file)).get("configuration"), {
      check: "configuration",
      ok: false,
      detail: `${file}:2: audio.periods: cannot be 1; allowed: a whole number from 2 to 8 (and 1 more)`,
      fix: `See \`plugjam check ${file}\`.`,
    });
  });

  it("wants a Node.js that is new enough", () => {
    assert.equal(nodeVersion("18.20.4").ok, false);
    assert.equal(nodeVersion("20.0.0").ok, true);
    assert.equal(nodeVersion("24.1.0").ok, true);
  });

  it("speaks to people in lines", async () => {
    const { out } = await plugjam("doctor", "--socket", socket);
    assert.match(out, /^ok {3}Node\.js: /m);
    assert.match(out, /^BAD {2}running box: No box answers at .*\n {5}Start one with /m);
  });
});
