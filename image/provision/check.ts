// At a desk: whether plugjam.toml, with a boxes.csv beside it, is good for every box of a school: `node check.js plugjam.toml`.

import { basename, dirname, join } from "node:path";
import { formatProblem, type Problem } from "../../src/config/problem.js";
import { readIfThere, realDisk } from "./disk.js";
import { nameOf } from "./plan.js";
import { type CardFiles, csvName, doubles, type Entry, readCard, settingsOf, tomlName } from "./read-card.js";

export interface Checked {
  readonly problems: readonly Problem[];
  /** For each box, what it would be; the last one is for boxes that have no entry. */
  readonly boxes: readonly {
    readonly box: string;
    readonly hostName: string;
    readonly role: string;
    readonly server: string;
  }[];
}

export function check(files: CardFiles): Checked {
  const card = readCard(files);
  if ("problems" in card) return { problems: card.problems, boxes: [] };
  const { entries } = card.value;
  const problems = new Map(doubles(card.value).map((problem) => [formatProblem(problem), problem]));
  const boxes = [...entries, null].flatMap((entry: Entry | null) => {
    const settings = settingsOf(card.value, entry);
    if ("problems" in settings) {
      // What is wrong for all boxes is said once.
      for (const problem of settings.problems) problems.set(formatProblem(problem), problem);
      return [];
    }
    const { role, server } = settings.value.product;
    const hostName = nameOf(card.value, entry, { serial: entry === null ? "XXXX" : entry.id, macs: [] });
    return [{ box: entry?.written ?? "any other", hostName, role, server: server[0]?.name ?? "-" }];
  });
  return { problems: [...problems.values()], boxes };
}

function main(path: string | undefined): number {
  if (path === undefined) {
    console.error("Say which file: node check.js plugjam.toml");
    return 2;
  }
  if (basename(path) !== tomlName) {
    console.error(`${path}: on the card the file must be called ${tomlName}`);
    return 2;
  }
  const toml = readIfThere(realDisk, path);
  if (toml === null) {
    console.error(`${path}: no such file`);
    return 2;
  }
  const { problems, boxes } = check({ toml, csv: readIfThere(realDisk, join(dirname(path), csvName)) });
  for (const problem of problems) console.error(formatProblem(problem));
  if (problems.length > 0) return 2;
  const rows = boxes.map(({ box, hostName, role, server }) => [box, hostName, role, server]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  console.log(`${path}: good`);
  return 0;
}

if (process.argv[1]?.endsWith("check.js")) process.exitCode = main(process.argv[2]);
