// Takes the README's picture from the real demo: node dist/test/support/picture.js SECONDS FILE.svg

import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { TerminalScreen } from "./terminal-screen.js";
import { terminalSvg } from "./terminal-svg.js";

const COLUMNS = 80;
const ROWS = 24;
/** The demo gives the terminal back at its end; the picture is what was there just before. */
const LEAVING = "\x1b[0m\x1b[?7h";

const [seconds = "10", file = "demo.svg"] = process.argv.slice(2);
const output = await terminalOutput(`node dist/src/cli.js demo --seconds ${Number(seconds)}`);
const end = output.lastIndexOf(LEAVING);
if (end === -1) throw new Error(`the demo drew nothing:\n${output}`);
const screen = new TerminalScreen(COLUMNS, ROWS);
screen.write(output.slice(output.indexOf("\x1b[?1049h"), end));
await writeFile(file, terminalSvg(screen.picture()));

/** Runs a command in a pseudo-terminal (util-linux' script makes one) and gives all it wrote. */
async function terminalOutput(command: string): Promise<string> {
  const sized = `stty rows ${ROWS} cols ${COLUMNS}; exec ${command}`;
  const env = { ...process.env, TERM: "xterm-256color", COLORTERM: "truecolor", NO_COLOR: undefined };
  const child = spawn("script", ["-qfec", sized, "/dev/null"], { env, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once("close", resolve));
  return text;
}
