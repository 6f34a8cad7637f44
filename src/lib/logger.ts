// The log: JSON lines for a service's journal, plain lines where a person looks on.

import { type LevelWithSilent, type Logger, pino } from "pino";

export type { Logger };

export interface LogOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/**
 * Writes at once and in this thread, so that the last words before a crash are not lost. At level `info` and above
 * the box logs no names, no addresses of servers and no chat: the README promises it. So `err` is told in full at
 * `debug` and below only.
 */
export function createLogger(level: LevelWithSilent, output: LogOutput = process.stderr): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: level === "debug" || level === "trace" ? pino.stdSerializers.err : unquoted },
  };
  const write = output.isTTY
    ? (line: string) => output.write(forPeople(line))
    : (line: string) => output.write(line);
  return pino(options, { write });
}

/** The message and the fields of an error may quote what it choked on; its kind, its code and its frames do not. */
function unquoted(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name: type, code } = error as NodeJS.ErrnoException;
  const stack = error.stack ?? "";
  const quoted = `${error}`;
  const afterMessage = stack.startsWith(quoted) ? stack.slice(quoted.length) : stack;
  const frames = afterMessage.split("\n").filter((line) => line.startsWith("    at "));
  return { type, code, stack: [code === undefined ? type : `${type} ${code}`, ...frames].join("\n") };
}

interface Line {
  readonly level: string;
  readonly time: string;
  readonly msg?: string;
  readonly err?: { readonly stack?: string };
}

function forPeople(json: string): string {
  const { level, time, msg = "", err } = JSON.parse(json) as Line;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const stack = err?.stack ? `\n${err.stack}` : "";
  return `${clock} ${level.padEnd(5)} ${msg}${stack}\n`;
}
