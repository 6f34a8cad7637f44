// Keys that plugjam.toml does not have.

import type { Document, Path } from "./document.js";
import type { Problem } from "./problem.js";
import { nearest } from "./spelling.js";

/** The keys of a file, and of each table in it; those of a list of tables, of one of them. */
export interface KnownKeys {
  readonly top: readonly string[];
  readonly tables: ReadonlyMap<string, readonly string[]>;
}

interface Entry {
  readonly wrapped: object;
}

/** Of a schema's entries, each of which is optional. */
export function knownKeys(entries: Readonly<Record<string, Entry>>): KnownKeys {
  const tables = Object.entries(entries).flatMap(([key, { wrapped }]) => {
    const inner = "item" in wrapped ? (wrapped.item as object) : wrapped;
    return "entries" in inner ? [[key, Object.keys(inner.entries as object)] as const] : [];
  });
  return { top: Object.keys(entries), tables: new Map(tables) };
}

/** One problem for each written key that means nothing, with the key that was probably meant. */
export function unknownKeys(document: Document, all: KnownKeys): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { path, where } of document.keys) {
    const found = firstUnknown(path, all);
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

function firstUnknown(path: Path, all: KnownKeys): { path: Path; known: readonly string[] } | null {
  for (let length = 1; length <= path.length; length++) {
    const part = path[length - 1]!;
    const known = keysIn(
      path.slice(0, length - 1).filter((each) => typeof each === "string"),
      all,
    );
    // A plain value has no keys in it: the schema says what is wrong with a table there.
    if (known === null) return null;
    if (typeof part === "string" && !known.includes(part)) return { path: path.slice(0, length), known };
  }
  return null;
}

/** The keys of the table at `path` (without places in a list); null if there is no table. */
function keysIn(path: readonly string[], { top, tables }: KnownKeys): readonly string[] | null {
  if (path.length === 0) return top;
  return path.length === 1 ? (tables.get(path[0]!) ?? null) : null;
}
