// From a file and its overrides to a configuration, or to the list of what is wrong with them.

import { readFileSync } from "node:fs";
import { type Document, type DocumentResult, parseDocument } from "./document.js";
import { override } from "./override.js";
import type { Problem } from "./problem.js";
import { fileSchema } from "./schema.js";
import { knownKeys, unknownKeys } from "./unknown-key.js";
import { type ConfigResult, validate } from "./validate.js";

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
  problems.push(...unknownKeys(document, knownKeys(fileSchema.entries)));
  const result = validate(document);
  if (result.ok && problems.length === 0) return result;
  return { ok: false, problems: [...problems, ...(result.ok ? [] : result.problems)] };
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
