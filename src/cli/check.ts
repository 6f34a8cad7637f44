// `plugjam check`: whether a configuration is good.

import { loadConfig } from "../config/load-config.js";
import { formatProblem } from "../config/problem.js";
import type { Config } from "../config/schema.js";
import { complain, type ExitCode, print } from "./output.js";

export function check(file: string): ExitCode {
  if (!readConfig(file, [])) return 2;
  print(`${file}: good`);
  return 0;
}

/** The configuration; null after each of its problems was told, a line each. */
export function readConfig(file: string | null, sets: readonly string[]): Config | null {
  const result = loadConfig(file, sets);
  if (result.ok) return result.config;
  for (const problem of result.problems) complain(formatProblem(problem));
  return null;
}
