// `--set KEY=VALUE`: one key of a configuration, written over from outside.

import {
  type Document,
  type DocumentResult,
  type Path,
  parseDocument,
  startsWith,
  type Table,
} from "./document.js";

/**
 * The document with one key replaced. `setting` is "audio.device=hw:1" or "server.0.address=host": the value
 * counts as TOML if it is some, else as text.
 */
export function override(document: Document, setting: string): DocumentResult {
  const where = `--set ${setting}`;
  const equals = setting.indexOf("=");
  const path = pathOf(setting.slice(0, Math.max(equals, 0)));
  if (path === null) {
    return { problem: { where, key: null, what: "not KEY=VALUE", allowed: "such as audio.device=hw:1" } };
  }
  const { value, keys } = readValue(setting.slice(equals + 1), path, where);
  const values = structuredClone(document.values);
  const obstacle = put(values, path, value);
  if (obstacle) return { problem: { where, key: path.join("."), what: obstacle, allowed: null } };
  const kept = document.keys.filter((key) => !startsWith(key.path, path));
  return { document: { values, keys: [...kept, ...keys] } };
}

/** "server.0.address" as a path; null: it is no dotted key. */
export function pathOf(text: string): Path | null {
  const parts = text.split(".").map((part) => part.trim());
  if (!parts.every((part) => /^[a-z0-9][\w-]*$/i.test(part))) return null;
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function readValue(text: string, path: Path, where: string) {
  const parsed = parseDocument(`value = ${text}`, where);
  const inside = "document" in parsed ? parsed.document : null;
  // More than one key: the text was longer than one value.
  if (inside === null || Object.keys(inside.values).length !== 1)
    return { value: text, keys: [{ path, where }] };
  const keys = inside.keys.map((key) => ({ path: [...path, ...key.path.slice(1)], where }));
  return { value: inside.values.value, keys };
}

/** Puts the value at its place, making the tables on the way; says what is in the way. */
export function put(root: Table, path: Path, value: unknown): string | null {
  let at: Table | unknown[] = root;
  for (const [depth, part] of path.entries()) {
    const isList: boolean = Array.isArray(at);
    if (isList !== (typeof part === "number")) return `${path.slice(0, depth).join(".")} is no such table`;
    if (Array.isArray(at) && typeof part === "number" && part > at.length)
      return `there are only ${at.length}`;
    const here = at as { [key: string | number]: unknown };
    if (depth === path.length - 1) {
      here[part] = value;
      return null;
    }
    here[part] ??= typeof path[depth + 1] === "number" ? [] : {};
    const next = here[part];
    if (typeof next !== "object" || next === null) return `${path.slice(0, depth + 1).join(".")} is no table`;
    at = next as Table | unknown[];
  }
  return null;
}
