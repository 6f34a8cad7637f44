// What a command says, and the exit code it ends with.

/** 0: fine; 1: the thing failed; 2: wrong use or bad configuration. */
export type ExitCode = 0 | 1 | 2;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line on standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line.replace(/\s*\n\s*/g, " ")}\n`);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
