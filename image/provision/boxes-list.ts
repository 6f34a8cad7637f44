// boxes.csv: a line for each box of a school, a column for each key that differs from box to box.

import { CsvError, type Info, parse } from "csv-parse/sync";
import { type Document, type Path, parseDocument } from "../../src/config/document.js";
import { pathOf, put } from "../../src/config/override.js";
import type { Problem } from "../../src/config/problem.js";
import { nearest } from "../../src/config/spelling.js";
import { cardKeys, isSecret } from "./card-schema.js";

export interface Cell {
  readonly path: Path;
  readonly text: string;
}

export interface Row {
  /** As written. */
  readonly id: string;
  readonly where: string;
  readonly cells: readonly Cell[];
}

export interface BoxesList {
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
}

interface Line {
  readonly record: readonly string[];
  readonly info: Info;
}

/** Reads the list. An empty cell says nothing. `name` is what problems call the file. */
export function readBoxesList(text: string, name: string): BoxesList {
  const at = (line: number) => `${name}:${line}`;
  const fail = (line: number, what: string, allowed: string | null): BoxesList => ({
    rows: [],
    problems: [{ where: at(line), key: null, what, allowed }],
  });
  const broken = text.indexOf("\ufffd");
  if (broken >= 0) {
    const line = text.slice(0, broken).split("\n").length;
    return fail(line, "not UTF-8 text", 'what a spreadsheet saves as "CSV UTF-8"');
  }
  let lines: readonly Line[];
  try {
    lines = linesOf(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return fail(lineOf(error), "a quotation mark is not where one can be", 'cells as x or "x"');
  }
  const [header, ...rest] = lines;
  if (header === undefined) return fail(1, "is empty", "a line of column names, then a line for each box");

  const problems: Problem[] = [];
  const columns = header.record.map((written, index) => {
    if (index === 0 || written.trim() === "") return null;
    const path = columnPath(written);
    if ("problem" in path) {
      problems.push({ where: at(firstLine(header)), key: written.trim(), ...path.problem });
      return null;
    }
    return path.path;
  });
  const rows = rest.flatMap((line): Row[] => {
    const { record } = line;
    const where = at(firstLine(line));
    if (record.length !== header.record.length) {
      const allowed = `${header.record.length}, as in the first line`;
      problems.push({ where, key: null, what: `has ${record.length} columns`, allowed });
      return [];
    }
    const cells = columns.flatMap((path, index) => {
      const cell = record[index] ?? "";
      return path === null || cell.trim() === "" ? [] : [{ path, text: cell.trim() }];
    });
    return [{ id: record[0] ?? "", where, cells }];
  });
  return { rows, problems };
}

function linesOf(text: string): readonly Line[] {
  return parse(text, {
    delimiter: delimiterOf(text),
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  }) as unknown as readonly Line[];
}

/** Spreadsheets separate by what their country does not need for numbers. No key has any of these in it. */
function delimiterOf(text: string): string {
  const [first = ""] = text.split(/\r?\n|\r/, 1);
  return [";", "\t"].find((each) => first.includes(each)) ?? ",";
}

/** csv-parse counts to the end of a record, which cells of several lines may have made longer. */
function firstLine({ record, info }: Line): number {
  return info.lines - record.join("").split(/\r\n|\n|\r/).length + 1;
}

function lineOf(error: CsvError): number {
  return typeof error.lines === "number" ? error.lines : 1;
}

type ColumnPath = { readonly path: Path } | { readonly problem: Pick<Problem, "what" | "allowed"> };

function columnPath(written: string): ColumnPath {
  const path = pathOf(written.trim());
  const [top, second] = path ?? [];
  if (path !== null && typeof top === "string") {
    const inside = cardKeys.tables.get(top);
    const isKnown = inside === undefined ? cardKeys.top.includes(top) && path.length === 1 : path.length > 1;
    const key = typeof second === "number" ? path[2] : second;
    if (isKnown && (inside === undefined || inside.includes(String(key)))) return { path };
  }
  const all = [
    ...cardKeys.top.filter((key) => !cardKeys.tables.has(key)),
    ...[...cardKeys.tables].flatMap(([table, keys]) =>
      keys.map((key) => (table === "server" ? `server.0.${key}` : `${table}.${key}`)),
    ),
  ];
  const meant = nearest(written.trim(), all);
  const what = meant === null ? "no such key" : `no such key, did you mean ${meant}?`;
  return { problem: { what, allowed: "a dotted key, such as profile.name or server.0.address" } };
}

/** The row's cells laid over a document, each as text, or as TOML where `asToml` has its key. */
export function withCells(document: Document, row: Row, asToml: ReadonlySet<string>): Document | Problem {
  const values = structuredClone(document.values);
  let keys = document.keys;
  for (const { path, text } of row.cells) {
    const key = path.join(".");
    const obstacle = put(values, path, asToml.has(key) ? tomlValue(text) : text);
    if (obstacle !== null) return { where: row.where, key, what: obstacle, allowed: null };
    keys = [...keys.filter(({ path: old }) => old.join(".") !== key), { path, where: row.where }];
  }
  return { values, keys };
}

function tomlValue(text: string): unknown {
  const parsed = parseDocument(`value = ${text}`, "");
  const values = "document" in parsed ? parsed.document.values : {};
  return Object.keys(values).length === 1 ? values.value : text;
}

/** The list without its secrets, as it would be written; null: there are none in it. */
export function withoutSecrets(text: string): string | null {
  const lines = linesOf(text);
  const [header] = lines;
  if (header === undefined) return null;
  const secret = header.record.map((written) => isSecret(pathOf(written.trim()) ?? []));
  const isKept = ({ record }: Line) => !record.some((cell, column) => secret[column] && cell !== "");
  if (lines.slice(1).every(isKept)) return null;
  const delimiter = delimiterOf(text);
  const ending = /\r\n/.test(text) ? "\r\n" : "\n";
  const written = lines.map(({ record }, row) =>
    record.map((cell, column) => quoted(row > 0 && secret[column] ? "" : cell, delimiter)).join(delimiter),
  );
  return `${text.startsWith("\ufeff") ? "\ufeff" : ""}${written.join(ending)}${ending}`;
}

function quoted(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
