// From the card's files to what one box is to be: the common settings, and over them those of its own entry.

import * as v from "valibot";
import { type Document, parseDocument, startsWith, type Table } from "../../src/config/document.js";
import type { Problem } from "../../src/config/problem.js";
import type { Config } from "../../src/config/schema.js";
import { unknownKeys } from "../../src/config/unknown-key.js";
import { misfits, validate } from "../../src/config/validate.js";
import { type Row, readBoxesList, withCells } from "./boxes-list.js";
import {
  cardKeys,
  type ImageSettings,
  imageContradictions,
  imageSchema,
  impossible,
  isSecret,
} from "./card-schema.js";
import { boxId, type Identity, isBox } from "./identity.js";

export const tomlName = "plugjam.toml";
export const csvName = "boxes.csv";

/** As text; null: there is no such file. */
export interface CardFiles {
  readonly toml: string;
  readonly csv: string | null;
}

/** What is written for one box of a school. */
export interface Entry {
  /** As `boxId` gives it. */
  readonly id: string;
  readonly written: string;
  readonly where: string;
  readonly over: { readonly table: Document } | { readonly row: Row };
}

export interface Card {
  readonly common: Document;
  readonly entries: readonly Entry[];
}

export type Read<Value> = { readonly value: Value } | { readonly problems: readonly Problem[] };

export function readCard({ toml, csv }: CardFiles): Read<Card> {
  const parsed = parseDocument(toml, tomlName);
  const list = csv === null ? { rows: [], problems: [] } : readBoxesList(csv, csvName);
  if ("problem" in parsed) return { problems: [parsed.problem, ...list.problems] };
  const { common, tables, problems } = splitOff(parsed.document);
  const entries: Entry[] = [...tables];
  const misspelt: Problem[] = [];
  for (const row of list.rows) {
    const id = boxId(row.id);
    if (id === null) misspelt.push(noBox(row.where, null, row.id));
    else entries.push({ id, written: row.id.trim(), where: row.where, over: { row } });
  }
  const all = [...problems, ...list.problems, ...misspelt];
  return all.length > 0 ? { problems: all } : { value: { common, entries } };
}

function noBox(where: string, key: string | null, written: string): Problem {
  return {
    where,
    key,
    what: `${JSON.stringify(written.slice(0, 40))} is no box`,
    allowed: "a serial number of 8 or 16 digits, or a MAC of 12, as in this-box.txt",
  };
}

/** Takes the tables of `box` out of a document. */
function splitOff(document: Document): { common: Document; tables: Entry[]; problems: Problem[] } {
  const { box, ...values } = document.values;
  const isOfBox = ({ path }: { path: readonly (string | number)[] }) => path[0] === "box";
  const common = { values, keys: document.keys.filter((key) => !isOfBox(key)) };
  if (!Object.hasOwn(document.values, "box")) return { common, tables: [], problems: [] };
  const written = document.keys.filter(isOfBox);
  const whole = written[0]?.where ?? tomlName;
  const allowed = 'a table for each box, such as [box."10000000abcd1234".profile]';
  if (!isTable(box))
    return { common, tables: [], problems: [{ where: whole, key: "box", what: "is no table", allowed }] };

  const problems: Problem[] = [];
  const tables = Object.entries(box).flatMap(([name, inside]): Entry[] => {
    const mine = written.filter(({ path }) => path[1] === name);
    const where = mine[0]?.where ?? whole;
    const id = boxId(name);
    if (id === null || !isTable(inside)) {
      problems.push(
        id === null ? noBox(where, "box", name) : { where, key: `box.${name}`, what: "is no table", allowed },
      );
      return [];
    }
    const keys = mine.flatMap(({ path, where }) => (path.length > 2 ? [{ path: path.slice(2), where }] : []));
    return [{ id, written: name, where, over: { table: { values: inside, keys } } }];
  });
  return { common, tables, problems };
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The entry for this box, if any; two of them contradict each other. */
export function entryFor({ entries }: Card, identity: Identity): Read<Entry | null> {
  const [first, second] = entries.filter(({ id }) => isBox(id, identity));
  return second ? { problems: [twice(first!, second)] } : { value: first ?? null };
}

/** Entries for the same box, wherever it is. */
export function doubles({ entries }: Card): Problem[] {
  const before = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const first = before.get(entry.id);
    before.set(entry.id, first ?? entry);
    return first ? [twice(first, entry)] : [];
  });
}

function twice(first: Entry, second: Entry): Problem {
  const what = `${second.written} has an entry already, at ${first.where}`;
  return { where: second.where, key: null, what, allowed: "one entry for a box" };
}

export interface Settings {
  /** As written, image and product, for this one box. */
  readonly document: Document;
  readonly product: Config;
  readonly image: ImageSettings;
}

/** The common settings with an entry over them; null: without any. */
export function settingsOf({ common }: Card, entry: Entry | null): Read<Settings> {
  if (entry === null) return judge(common);
  if ("table" in entry.over) return judge(overlay(common, entry.over.table));
  const { row } = entry.over;
  // Who fills a spreadsheet puts no quotation marks around text: what is none where text is wanted is no text.
  const asText = withCells(common, row, new Set());
  if ("what" in asText) return { problems: [asText] };
  const read = judge(asText);
  if ("value" in read) return read;
  const wrong = new Set(
    read.problems.flatMap(({ key, where }) => (key !== null && where === row.where ? [key] : [])),
  );
  const asToml = withCells(common, row, wrong);
  return "what" in asToml ? { problems: [asToml] } : judge(asToml);
}

/** What entries for other boxes and none at all make of the room's name and the like, good or not. */
export function documentOf({ common }: Card, entry: Entry): Document {
  if ("table" in entry.over) return overlay(common, entry.over.table);
  const laid = withCells(common, entry.over.row, new Set());
  return "what" in laid ? common : laid;
}

/** Tables are merged; anything else, a list of tables too, takes the place of what was there. */
function overlay(base: Document, over: Document): Document {
  const replaced = over.keys.flatMap(({ path }) => {
    const place = path.findIndex((part) => typeof part === "number");
    const whole = place < 0 ? path : path.slice(0, place);
    return isTable(at(over.values, whole)) ? [] : [whole];
  });
  const keys = base.keys.filter(({ path }) => !replaced.some((whole) => startsWith(path, whole)));
  return { values: merged(base.values, over.values), keys: [...keys, ...over.keys] };
}

function at(values: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inside, part) => (inside as Table | undefined)?.[part], values);
}

function merged(base: Table, over: Table): Table {
  const result: Table = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isTable(before) && isTable(value) ? merged(before, value) : value;
  }
  return result;
}

function judge(document: Document): Read<Settings> {
  const product = validate(document);
  const image = v.safeParse(imageSchema, document.values);
  const problems = [
    ...unknownKeys(document, cardKeys),
    ...(product.ok ? impossible(product.config, document) : product.problems),
    ...(image.success ? imageContradictions(image.output, document) : misfits(image.issues, document)),
  ];
  if (!product.ok || !image.success || problems.length > 0) return { problems: problems.map(discreet) };
  return { value: { document, product: product.config, image: image.output } };
}

/** Nobody is to read a password off a display. */
function discreet(problem: Problem): Problem {
  const isValue =
    problem.key !== null && isSecret(problem.key.split(".")) && problem.what.startsWith("cannot be");
  return isValue ? { ...problem, what: "cannot be this" } : problem;
}
