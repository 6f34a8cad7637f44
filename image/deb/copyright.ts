// The package's copyright file: our licence, and those of all that is in the package with us.

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Module } from "./modules.js";

const line = "-".repeat(72);

export function copyright(tree: string, modules: readonly Module[]): string {
  const read = (name: string) => readFileSync(path.join(tree, name), "utf8");
  const part = (title: string, text: string) => `${line}\n${title}\n\n${text.trim()}\n`;
  return [
    `Plugjam, with the libraries that it runs on in /usr/lib/plugjam/node_modules.\n\n${read("LICENSE").trim()}\n`,
    part("The letters of the display, small", firstComment(read("src/panel/font-small.ts"))),
    part("The letters of the display, large", firstComment(read("src/panel/font-large.ts"))),
    part(
      "libopus, compiled into plugjam.node and opus.node",
      read("node_modules/@discordjs/opus/deps/opus/COPYING"),
    ),
    ...modules.map(({ name, version, licence, licenceText }) =>
      part(
        `${name} ${version}, licence ${licence}`,
        textOf(licence, licenceText) ?? `See https://www.npmjs.com/package/${name}`,
      ),
    ),
  ].join("\n");
}

/** Debian has the Apache licence once on each machine, and does not want it again. */
function textOf(licence: string, text: string | null): string | null {
  if (licence !== "Apache-2.0" || text === null) return text;
  const owners = text.match(/^ *Copyright [\d(].*$/gm) ?? [];
  return [...owners.map((owner) => owner.trim()), "See /usr/share/common-licenses/Apache-2.0"].join("\n");
}

function firstComment(source: string): string {
  const lines = source.split("\n");
  const end = lines.findIndex((text) => !text.startsWith("//"));
  return lines
    .slice(0, end)
    .map((text) => text.replace(/^\/\/ ?/, ""))
    .join("\n");
}
