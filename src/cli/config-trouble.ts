// What is wrong with the configuration that another one stands in for: told on the display and in the status.

import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { formatProblem, type Problem } from "../config/problem.js";
import type { ConfigTrouble } from "../core/config-trouble.js";

/** Beside the configuration: written by whoever made that from another file, and could not take that one. */
const reportBeside = (file: string) => join(dirname(file), "problems.json");

const text = v.nullable(v.string());
const report = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    instead: v.picklist(["last-good", "defaults"]),
    problems: v.pipe(
      v.array(v.object({ where: v.string(), key: text, what: v.string(), allowed: text })),
      v.nonEmpty(),
    ),
  }),
);

export function configTrouble(
  problems: readonly Problem[],
  instead: ConfigTrouble["instead"],
): ConfigTrouble | null {
  const [first] = problems;
  if (first === undefined) return null;
  const { where, key, allowed } = first;
  const what = allowed === null ? first.what : `${first.what}; allowed: ${allowed}`;
  // A display of 21 letters has no room for folders.
  return { where: basename(where), key, what, sentences: problems.map(formatProblem), instead };
}

/** What whoever made this configuration says was wrong; null where there is nothing said. */
export function reportedTrouble(file: string): ConfigTrouble | null {
  let written: string;
  try {
    written = readFileSync(reportBeside(file), "utf8");
  } catch {
    return null;
  }
  const parsed = v.safeParse(report, written);
  return parsed.success ? configTrouble(parsed.output.problems, parsed.output.instead) : null;
}
