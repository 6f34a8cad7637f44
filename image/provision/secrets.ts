// What only the box may know: kept in it, and taken off the card.

import type { AST } from "toml-eslint-parser";
import { getStaticTOMLValue, parseTOML } from "toml-eslint-parser";
import * as v from "valibot";
import type { Path } from "../../src/config/document.js";
import { withoutSecrets as listWithoutSecrets } from "./boxes-list.js";
import { isSecret } from "./card-schema.js";
import type { CardFiles } from "./read-card.js";

export interface Secrets {
  /** Of the Wi-Fi with this name. */
  readonly wifi: { readonly name: string; readonly password: string } | null;
  readonly wireguardKey: string | null;
}

export const noSecrets: Secrets = { wifi: null, wireguardKey: null };

const text = v.string();
const stored = v.pipe(
  text,
  v.parseJson(),
  v.object({
    wifi: v.nullable(v.object({ name: text, password: text })),
    wireguardKey: v.nullable(text),
  }),
);

export function parseSecrets(written: string): Secrets | null {
  const parsed = v.safeParse(stored, written);
  return parsed.success ? parsed.output : null;
}

export function writeSecrets(secrets: Secrets): string {
  return `${JSON.stringify(secrets)}\n`;
}

/** The files without any secret, this box's or another's, for they are on this box's card; the same ones where there is none. */
export function withoutSecrets({ toml, csv }: CardFiles, remark: string): CardFiles {
  const list = csv === null ? null : listWithoutSecrets(csv);
  return { toml: tomlWithoutSecrets(toml, remark), csv: list ?? csv };
}

/** Only the secrets' own lines change; `remark` says what became of them. */
function tomlWithoutSecrets(toml: string, remark: string): string {
  const mark = toml.startsWith("\ufeff") ? "\ufeff" : "";
  let source = toml.slice(mark.length);
  // One after the other, for in an inline table each moves its neighbours.
  for (let found = firstSecret(source); found !== undefined; found = firstSecret(source)) {
    source = without(source, found, `# ${found.path.at(-1)} = ${remark}`);
  }
  return mark + source;
}

function firstSecret(source: string): Found | undefined {
  return keyValues(source).find(({ path }) => isSecret(path[0] === "box" ? path.slice(2) : path));
}

function without(source: string, { node, statement, table }: Found, comment: string): string {
  if (table === null) return source.slice(0, node.range[0]) + comment + source.slice(node.range[1]);
  // There is no room for a comment in an inline table: it goes before the line that the table began on.
  const line = source.lastIndexOf("\n", statement.range[0] - 1) + 1;
  const [from, to] = pairIn(table, node);
  return `${source.slice(0, line)}${comment}\n${source.slice(line, from)}${source.slice(to)}`;
}

/** A pair of an inline table, with one of the commas beside it. */
function pairIn(table: AST.TOMLInlineTable, node: AST.TOMLKeyValue): readonly [from: number, to: number] {
  const index = table.body.indexOf(node);
  const before = table.body[index - 1];
  const after = table.body[index + 1];
  if (before) return [before.range[1], node.range[1]];
  return [node.range[0], after ? after.range[0] : node.range[1]];
}

interface Found {
  readonly node: AST.TOMLKeyValue;
  readonly path: Path;
  /** The one that stands at the beginning of a line. */
  readonly statement: AST.TOMLKeyValue;
  /** The inline table that it is in. */
  readonly table: AST.TOMLInlineTable | null;
}

function keyValues(source: string): Found[] {
  const program = parseTOML(source, { tomlVersion: "1.0.0" });
  return program.body[0].body.flatMap((node) =>
    node.type === "TOMLTable"
      ? node.body.flatMap((child) => found(child, node.resolvedKey, child, null))
      : found(node, [], node, null),
  );
}

function found(
  node: AST.TOMLKeyValue,
  parent: Path,
  statement: AST.TOMLKeyValue,
  table: AST.TOMLInlineTable | null,
): Found[] {
  const path = [...parent, ...getStaticTOMLValue(node.key)];
  const { value } = node;
  const inside =
    value.type === "TOMLInlineTable"
      ? value.body.flatMap((child) => found(child, path, statement, value))
      : [];
  return [{ node, path, statement, table }, ...inside];
}
