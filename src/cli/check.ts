// `plugjam check`: whether a configuration is good.

import { loadConfig } from "../config/load-config.js";
import { formatProblem, type Problem } from "../config/problem.js";
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
  complainOf(result.problems);
  return null;
}

export function complainOf(problems: readonly Problem[]): void {
  for (const problem of problems) complain(formatProblem(problem));
}
