// Takes the README's picture from the real demo: node dist/test/support/picture.js SECONDS FILE.svg

import { writeFile } from "node:fs/promises";
import { COLUMNS, PseudoTerminal, ROWS } from "./pseudo-terminal.js";
import { TerminalScreen } from "./terminal-screen.js";
import { terminalSvg } from "./terminal-svg.js";

const ENTERING = "\x1b[?1049h";
/** The demo gives the terminal back at its end; the picture is what was there just before. */
const LEAVING = "\x1b[0m\x1b[?7h";

const [seconds = "10", file = "demo.svg"] = process.argv.slice(2);
const terminal = new PseudoTerminal(`node dist/src/cli.js demo --seconds ${Number(seconds)}`);
const exitCode = await terminal.ended;
const { output } = terminal;
const end = output.lastIndexOf(LEAVING);
if (exitCode !== 0 || end === -1) throw new Error(`no picture, exit code ${exitCode}:\n${output}`);
const screen = new TerminalScreen(COLUMNS, ROWS);
screen.write(output.slice(output.indexOf(ENTERING), end));
await writeFile(file, terminalSvg(screen.picture()));
