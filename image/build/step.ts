// Steps of a build: a line on the screen for each, with its time, and the programs they run.

import { spawn } from "node:child_process";

/** Raised with one sentence for the person who builds, after the program's own words. */
export class BuildError extends Error {}

/** Shows `title ... 1.2 s`, and behind it what the step has to say; each line begins with what is built. */
export function stepsOf(built: string) {
  return async <T>(title: string, work: () => Promise<T>, say?: (result: T) => string): Promise<T> => {
    process.stdout.write(`${built}: ${title} ... `);
    const started = performance.now();
    try {
      const result = await work();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${seconds} s${say ? `, ${say(result)}` : ""}\n`);
      return result;
    } catch (error) {
      process.stdout.write("failed\n");
      throw error;
    }
  };
}

export const step = stepsOf("image");

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Gives what the program wrote to its standard output; its whole output is shown only if it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
    });
    const output: Buffer[] = [];
    const everything: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => {
      output.push(part);
      everything.push(part);
    });
    child.stderr.on("data", (part: Buffer) => everything.push(part));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
    child.on("error", (error) => reject(failure(command, args, error.message, everything)));
    child.on("close", (status, signal) => {
      if (status === 0) resolve(Buffer.concat(output).toString());
      else reject(failure(command, args, signal ?? `exit ${status}`, everything));
    });
  });
}

function failure(
  command: string,
  args: readonly string[],
  how: string,
  output: readonly Buffer[],
): BuildError {
  const words = Buffer.concat(output).toString().trimEnd().split("\n").slice(-40).join("\n");
  return new BuildError(`${words}\n${[command, ...args].join(" ").slice(0, 200)}: ${how}.`);
}
