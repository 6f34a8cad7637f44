// What a configuration's values are worth: a configuration, or the list of what is wrong with them.

import * as v from "valibot";
import { unavailable } from "./available.js";
import { contradictions } from "./contradictions.js";
import { type Document, type Path, whereIs } from "./document.js";
import { type Problem, showValue } from "./problem.js";
import { type Config, configSchema } from "./schema.js";

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Keys that plugjam.toml does not have are not looked at. */
export function validate(document: Document): ConfigResult {
  const parsed = v.safeParse(configSchema, document.values);
  if (!parsed.success) return { ok: false, problems: misfits(parsed.issues, document) };
  const problems = [...unavailable(parsed.output, document), ...contradictions(parsed.output, document)];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: parsed.output };
}

/** The first issue of each key: a text that is too long need not hear what else it is. */
export function misfits(issues: readonly v.BaseIssue<unknown>[], document: Document): Problem[] {
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
