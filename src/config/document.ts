// A configuration as written: its values, and for each key the place where it stands.

import type { AST } from "toml-eslint-parser";
import { getStaticTOMLValue, ParseError, parseTOML } from "toml-eslint-parser";
import type { Problem } from "./problem.js";

export type Path = readonly (string | number)[];
export type Table = { [key: string]: unknown };

export interface WrittenKey {
  readonly path: Path;
  readonly where: string;
}

export interface Document {
  readonly values: Table;
  readonly keys: readonly WrittenKey[];
}

export type DocumentResult = { readonly document: Document } | { readonly problem: Problem };

/** Reads TOML; a mistake in its grammar is one problem with its line. `name` is what problems call the file. */
export function parseDocument(text: string, name: string): DocumentResult {
  const source = text.replace(/^\ufeff/, "");
  // What is no UTF-8 was decoded to U+FFFD.
  const broken = source.indexOf("\ufffd");
  if (broken >= 0) {
    const line = source.slice(0, broken).split("\n").length;
    return {
      problem: { where: `${name}:${line}`, key: null, what: "not UTF-8 text", allowed: "a TOML file" },
    };
  }
  try {
    const program = parseTOML(source, { tomlVersion: "1.0.0" });
    const keys = program.body[0].body.flatMap((node) => keysOf(node, [], name));
    return { document: { values: getStaticTOMLValue(program), keys } };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const what = `not TOML: ${error.message.replace(/^[A-Z]/, (letter) => letter.toLowerCase())}`;
    return { problem: { where: `${name}:${error.lineNumber}`, key: null, what, allowed: null } };
  }
}

type KeyedNode = AST.TOMLKeyValue | AST.TOMLTable;

function keysOf(node: KeyedNode, parent: Path, name: string): WrittenKey[] {
  const where = `${name}:${node.loc.start.line}`;
  if (node.type === "TOMLTable") {
    const path = node.resolvedKey;
    return [{ path, where }, ...node.body.flatMap((child) => keysOf(child, path, name))];
  }
  const path = [...parent, ...getStaticTOMLValue(node.key)];
  return [{ path, where }, ...keysInside(node.value, path, name)];
}

function keysInside(value: AST.TOMLContentNode, path: Path, name: string): WrittenKey[] {
  if (value.type === "TOMLInlineTable") return value.body.flatMap((child) => keysOf(child, path, name));
  if (value.type !== "TOMLArray") return [];
  return value.elements.flatMap((element, index) => [
    { path: [...path, index], where: `${name}:${element.loc.start.line}` },
    ...keysInside(element, [...path, index], name),
  ]);
}

/** Where `path`, or the nearest table around it, was written; null if nowhere. */
export function whereIs(document: Document, path: Path): string | null {
  for (let length = path.length; length > 0; length--) {
    const around = path.slice(0, length);
    const found = document.keys.find((key) => isSame(key.path, around));
    if (found) return found.where;
  }
  return null;
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && startsWith(one, other);
}

export function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}
