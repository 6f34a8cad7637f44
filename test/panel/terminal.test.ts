// The terminal panel in a real pseudo-terminal: keys come in, and every way out gives the terminal back.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { COLUMNS, PseudoTerminal, ROWS } from "../support/pseudo-terminal.js";
import { TerminalScreen } from "../support/terminal-screen.js";

const program = fileURLToPath(new URL("terminal-program.js", import.meta.url));
/** The last thing drawn. */
const DRAWN = "quit";

async function start(wayOut: string, env: NodeJS.ProcessEnv = {}): Promise<PseudoTerminal> {
  const terminal = new PseudoTerminal(`node ${program} ${wayOut}`, env);
  await terminal.writes(DRAWN);
  return terminal;
}

function screenOf(output: string): TerminalScreen {
  const screen = new TerminalScreen(COLUMNS, ROWS);
  screen.write(output);
  return screen;
}

describe("Terminal", () => {
  it("draws on the alternate screen, without cursor and without wrapping", async () => {
    const terminal = await start("close");
    const screen = screenOf(terminal.output);
    assert.deepEqual([screen.alternate, screen.cursorHidden, screen.wraps], [true, true, false]);
    assert.equal(screen.text()[0], " A test");
    assert.equal(screen.text()[1], " ● LINK on              ● REC short-flash     ○ MUTE off");
    terminal.type("q");
    assert.equal(await terminal.ended, 0);
  });

  it("takes C and M as presses, and no other key", async () => {
    const terminal = await start("close");
    // An arrow key ends in the letter C, but is none.
    terminal.type("\x1b[C");
    terminal.type("x C");
    terminal.type("m");
    await terminal.writes("LINK\x1b[0m\x1b[38;2;120;128;138m off");
    terminal.type("q");
    assert.equal(await terminal.ended, 0);
  });

  for (const [wayOut, key, exitCode] of [
    ["close", "q", 0],
    ["close", "\x03", 0],
    ["exit", "q", 3],
    ["exception", "q", 1],
  ] as const) {
    it(`gives the terminal back on ${wayOut} (${JSON.stringify(key)})`, async () => {
      const terminal = await start(wayOut);
      terminal.type(key);
      assert.equal(await terminal.ended, exitCode);
      const screen = screenOf(terminal.output);
      assert.deepEqual([screen.alternate, screen.cursorHidden, screen.wraps], [false, false, true]);
      const left = terminal.output.lastIndexOf("\x1b[?1049l");
      const told = terminal.output.includes("Error: on purpose", left);
      assert.equal(told, wayOut === "exception", "an exception is told where it can be read");
    });
  }

  it("writes no colour where none is wanted", async () => {
    const terminal = await start("close", { NO_COLOR: "1" });
    const drawn = terminal.output;
    assert.ok(drawn.includes("LINK on"));
    assert.ok(!drawn.includes(";1m") && !/\[[\d;]+m/.test(drawn));
    terminal.type("q");
    await terminal.ended;
  });

  it("sends nothing while nothing changes", async () => {
    const terminal = await start("close");
    await terminal.writes("MUTE");
    const before = terminal.output.length;
    terminal.type("c");
    terminal.type("q");
    await terminal.ended;
    const after = terminal.output.slice(before);
    assert.ok(!after.includes("Musicians") && !after.includes("MUTE"), after);
  });
});
