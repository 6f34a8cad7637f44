// From a file and its overrides to a configuration, or to the list of what is wrong with them.

import { readFileSync } from "node:fs";
import * as v from "valibot";
import { unavailable } from "./available.js";
import { contradictions } from "./contradictions.js";
import { type Document, type DocumentResult, type Path, parseDocument, whereIs } from "./document.js";
import { override } from "./override.js";
import { type Problem, showValue } from "./problem.js";
import { type Config, configSchema } from "./schema.js";
import { unknownKeys } from "./unknown-key.js";

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads plugjam.toml at `path` (null: all defaults) and puts the `sets`, each "KEY=VALUE", over it in their
 * order. Never throws for what a user wrote: every mistake is a problem that names its file and line.
 */
export function loadConfig(path: string | null, sets: readonly string[]): ConfigResult {
  const read = path === null ? { document: { values: {}, keys: [] } } : readDocument(path);
  if ("problem" in read) return { ok: false, problems: [read.problem] };
  const problems: Problem[] = [];
  let document: Document = read.document;
  for (const set of sets) {
    const result = override(document, set);
    if ("problem" in result) problems.push(result.problem);
    else document = result.document;
  }
  return validate(document, problems);
}

function readDocument(path: string): DocumentResult {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === "ENOENT" ? "no such file" : `cannot be read (${code ?? String(error)})`;
    return { problem: { where: path, key: null, what, allowed: null } };
  }
  return parseDocument(text, path);
}

function validate(document: Document, before: readonly Problem[]): ConfigResult {
  const parsed = v.safeParse(configSchema, document.values);
  const problems = [
    ...before,
    ...unknownKeys(document),
    ...(parsed.success ? [] : misfits(parsed.issues, document)),
  ];
  if (parsed.success)
    problems.push(...unavailable(parsed.output, document), ...contradictions(parsed.output, document));
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, config: parsed.output };
}

/** The first issue of each key: a text that is too long need not hear what else it is. */
function misfits(issues: readonly v.BaseIssue<unknown>[], document: Document): Problem[] {
  const problems = new Map<string, Problem>();
  for (const issue of issues) {
    const path = (issue.path ?? []).map((item) => item.key) as Path;
    const key = path.join(".");
    if (problems.has(key)) continue;
    problems.set(key, {
      where: whereIs(document, path) ?? "",
      key,
      what: whatIsWrong(issue),
      allowed: issue.message,
    });
  }
  return [...problems.values()];
}

function whatIsWrong(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "max_length") return `has ${issue.received} characters`;
  if (issue.type === "max_bytes") return `has ${issue.received} bytes`;
  return issue.received === "undefined" ? "is missing" : `cannot be ${showValue(issue.input)}`;
}
