// Keys that plugjam.toml does not have.

import type { Document, Path } from "./document.js";
import type { Problem } from "./problem.js";
import { fileSchema } from "./schema.js";
import { nearest } from "./spelling.js";

/** One problem for each written key that means nothing, with the key that was probably meant. */
export function unknownKeys(document: Document): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { path, where } of document.keys) {
    const found = firstUnknown(path);
    if (!found) continue;
    const key = found.path.join(".");
    // A table stands at its header and again in each of its keys: say it once.
    if (problems.has(key)) continue;
    const meant = nearest(String(found.path.at(-1)), found.known);
    const what = meant === null ? "no such key" : `no such key, did you mean ${meant}?`;
    problems.set(key, { where, key, what, allowed: found.known.join(", ") });
  }
  return [...problems.values()];
}

function firstUnknown(path: Path): { path: Path; known: readonly string[] } | null {
  for (let length = 1; length <= path.length; length++) {
    const part = path[length - 1]!;
    const known = keysIn(path.slice(0, length - 1).filter((each) => typeof each === "string"));
    // A plain value has no keys in it: the schema says what is wrong with a table there.
    if (known === null) return null;
    if (typeof part === "string" && !known.includes(part)) return { path: path.slice(0, length), known };
  }
  return null;
}

const entries = fileSchema.entries;
const tables: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(entries).flatMap(([key, { wrapped }]) => {
    const inner = "item" in wrapped ? wrapped.item : wrapped;
    return "entries" in inner ? [[key, Object.keys(inner.entries)] as const] : [];
  }),
);

/** The keys of the table at `path` (without places in a list); null if there is no table. */
function keysIn(path: readonly string[]): readonly string[] | null {
  if (path.length === 0) return Object.keys(entries);
  return path.length === 1 ? (tables.get(path[0]!) ?? null) : null;
}
