// Which files of node_modules a box runs: those of the libraries that it loads, without what they were made from.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Module {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** From the tree's root: node_modules/... */
  readonly folder: string;
  /** From its folder. */
  readonly files: readonly string[];
  readonly licenceText: string | null;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** For compiling only, or for finding what was compiled, for which we have a shorter way (opus-loader.cjs). */
const compileOnly = ["node-addon-api", "nan", "@discordjs/node-pre-gyp"];
/** These carry what they depend on within themselves. */
const bundled = ["tar"];

const uselessFolders = new Set([
  ...["build", "deps", "prebuild", "typings", "node_modules", ".github"],
  ...["test", "tests", "integration-test", "benchmarks", "doc", "docs", "example", "examples"],
]);

/** For browsers, for the command line, for other ways of loading than ours; by the name of the library. */
const uselessFiles: Readonly<Record<string, RegExp>> = {
  "csv-parse": /^dist\//,
  pino: /^(bin|browser|file)\.js$/,
  tar: /^dist\/(commonjs\/|esm\/(?!index\.min\.js|package\.json))/,
  valibot: /\.cjs$|\.min\./,
};
const uselessAnywhere = /^(eslint\.config|bench)\.[cm]?js$/;

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;

/** What the tree's package.json depends on, and what that depends on. */
export function modulesOf(tree: string): Module[] {
  const found = new Map<string, Module>();
  const visit = (from: string): void => {
    for (const name of Object.keys(manifestOf(from).dependencies ?? {})) {
      if (compileOnly.includes(name)) continue;
      const folder = resolve(name, from, tree);
      const key = path.relative(tree, folder);
      if (found.has(key)) continue;
      found.set(key, moduleAt(folder, key));
      if (!bundled.includes(name)) visit(folder);
    }
  };
  visit(tree);
  return [...found.values()].sort((one, other) => (one.folder < other.folder ? -1 : 1));
}

/** As Node looks for it. */
function resolve(name: string, from: string, tree: string): string {
  const here = path.join(from, "node_modules", name);
  if (existsSync(here)) return here;
  if (from === tree) throw new Error(`${name} is not installed`);
  return resolve(name, path.dirname(from), tree);
}

function moduleAt(folder: string, key: string): Module {
  const { name, version, license = "" } = manifestOf(folder);
  const licenceFile = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
  return {
    name,
    version,
    licence: license,
    folder: key,
    files: runnable(folder, "")
      .filter((file) => !uselessAnywhere.test(file) && !uselessFiles[name]?.test(file))
      .sort(),
    licenceText: licenceFile === undefined ? null : readFileSync(path.join(folder, licenceFile), "utf8"),
  };
}

function runnable(folder: string, within: string): string[] {
  return readdirSync(path.join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(within, entry.name);
    if (entry.isDirectory()) return uselessFolders.has(entry.name) ? [] : runnable(folder, name);
    return entry.name === "package.json" || /\.[cm]?js$/.test(entry.name) ? [name] : [];
  });
}
