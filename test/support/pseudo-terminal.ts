// Runs a command in a pseudo-terminal of 80 columns and 24 rows; util-linux' `script` makes one.

import { type ChildProcess, spawn } from "node:child_process";

export const COLUMNS = 80;
export const ROWS = 24;

export class PseudoTerminal {
  /** All that the command wrote so far. */
  output = "";
  /** The command's exit code, once it has ended. */
  readonly ended: Promise<number>;
  private readonly child: ChildProcess;
  private wake: () => void = () => {};

  constructor(command: string, env: NodeJS.ProcessEnv = {}) {
    const sized = `stty rows ${ROWS} cols ${COLUMNS}; exec ${command}`;
    const full: NodeJS.ProcessEnv = {
      ...process.env,
      TERM: "xterm-256color",
      COLORTERM: "truecolor",
      ...env,
    };
    if (env.NO_COLOR === undefined) delete full.NO_COLOR;
    // Node takes a terminal for one without colours where it finds this.
    delete full.CI;
    this.child = spawn("script", ["-qfec", sized, "/dev/null"], {
      env: full,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.output += chunk;
      this.wake();
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.once("error", reject);
      this.child.once("close", (code) => {
        resolve(code ?? -1);
        this.wake();
      });
    });
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Resolves when the command has written this since output number `from`; rejects if it ends before. */
  async writes(text: string, from = 0): Promise<void> {
    while (!this.output.includes(text, from)) {
      const ended = await Promise.race([
        this.ended,
        new Promise<null>((resolve) => (this.wake = () => resolve(null))),
      ]);
      if (ended !== null && !this.output.includes(text, from))
        throw new Error(`ended with ${ended} before it wrote ${JSON.stringify(text)}:\n${this.output}`);
    }
  }
}
