// The demo as a user starts it: with and without a terminal, with its keys, and on every way out.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch, type TestProcess } from "../support/process.js";
import { COLUMNS, PseudoTerminal, ROWS } from "../support/pseudo-terminal.js";
import { TerminalScreen } from "../support/terminal-screen.js";
import { until } from "../support/until.js";

const cli = fileURLToPath(new URL("../../src/cli.js", import.meta.url));

describe("plugjam demo", function () {
  this.timeout(120_000);
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(path.join(tmpdir(), "plugjam-test-"));
  });

  afterEach(() => {
    rmSync(temporary, { recursive: true, force: true });
  });

  function demo(...args: string[]): TestProcess {
    return launch(process.execPath, [cli, "demo", ...args], { env: { TMPDIR: temporary } });
  }

  it("plays for some seconds, a line each, and sums up", async () => {
    const run = demo("--seconds", "6");
    assert.equal(await run.ended, "exit 0", run.log());
    const lines = run.log().split("\n");
    assert.ok(lines.filter((line) => /^\w+ {2}LINK /.test(line)).length >= 4, run.log());
    assert.match(run.log(), /^connected {2}LINK on {2}REC off {2}MUTE off {2}delay \d+ ms/m);
    const decoded = Number(
      /^decoded (\d+) blocks, concealed \d+, xruns \d+, delay \d+ ms$/.exec(lines.at(-1) ?? "")?.[1],
    );
    assert.ok(decoded > 750, `a second of sound at least: ${run.log()}`);
    assert.deepEqual(readdirSync(temporary), []);
    assert.ok(!run.log().includes("\x1b"));
  });

  it("draws its panel in a terminal, whose keys are the buttons", async () => {
    const terminal = new PseudoTerminal(`env TMPDIR=${temporary} ${process.execPath} ${cli} demo`, {
      NO_COLOR: "1",
    });
    await terminal.writes("● LINK on");
    terminal.type("m");
    await terminal.writes("● MUTE on");
    const screen = new TerminalScreen(COLUMNS, ROWS);
    screen.write(terminal.output.slice(terminal.output.indexOf("\x1b[?1049h")));
    assert.equal(screen.text()[0], " Plugjam demo: a tune on a virtual sound card");
    const mark = terminal.output.length;
    terminal.type("c");
    await terminal.writes("LINK off", mark);
    terminal.type("q");
    assert.equal(await terminal.ended, 0, terminal.output);
    assert.match(terminal.output, /\x5b\?1049ldecoded \d+ blocks, .*\r\n$/);
    assert.deepEqual(readdirSync(temporary), []);
  });

  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    it(`leaves nothing behind on ${signal}`, async () => {
      const run = demo();
      await until("a line of the demo", () => run.log().includes("LINK on"));
      run.signal(signal);
      run.signal(signal);
      assert.equal(await run.ended, "exit 0", run.log());
      assert.deepEqual(readdirSync(temporary), []);
    });
  }

  it("ends with 2 and one line for a bad setting", async () => {
    const run = demo("--set", "audio.period=7");
    assert.equal(await run.ended, "exit 2");
    assert.match(run.log(), /^--set audio\.period=7: audio\.period: .*allowed/m);
    assert.deepEqual(readdirSync(temporary), []);
  });
});
