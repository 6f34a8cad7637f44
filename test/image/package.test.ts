// What the Debian package puts on a machine, as far as it can be told without building it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { modulesOf } from "../../image/deb/modules.js";
import { loadConfig } from "../../src/config/load-config.js";
import { fileSchema } from "../../src/config/schema.js";
import { knownKeys } from "../../src/config/unknown-key.js";

const tree = process.cwd();
const installed = "image/deb/root";
const template = readFileSync(`${installed}/etc/plugjam/plugjam.toml`, "utf8");
/** A key stands behind a bare #, a word of advice behind "# ". */
const turnedOn = template.replace(/^#(?! |$)/gm, "");

describe("package: plugjam.toml", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-package-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function read(text: string) {
    const file = join(folder, "plugjam.toml");
    writeFileSync(file, text);
    const result = loadConfig(file, []);
    assert.ok(result.ok, JSON.stringify(result));
    return result.config;
  }

  it("means the defaults as it comes", () => {
    assert.deepEqual(read(template), read(""));
  });

  it("shows defaults, save where there is none to show", () => {
    const shown = read(turnedOn);
    const { profile, server, hub, ...rest } = read("");
    assert.deepEqual(shown, {
      ...rest,
      profile: { ...profile, name: "Room 12" },
      server: [{ name: "Rehearsal", address: "jam.example.org" }],
      hub: { ...hub, record_dir: "/var/lib/plugjam/recordings" },
    });
  });

  it("shows every key, save that of the page, which can only be off so far", () => {
    const { top, tables } = knownKeys(fileSchema.entries);
    const wanted = top.flatMap((key) => tables.get(key)?.map((inner) => `${key}.${inner}`) ?? [key]);
    const shown: string[] = [];
    let table = "";
    for (const line of turnedOn.split("\n")) {
      const header = /^\[+(\w+)\]+$/.exec(line)?.[1];
      if (header !== undefined) table = `${header}.`;
      const key = /^(\w+) = /.exec(line)?.[1];
      if (key !== undefined) shown.push(table + key);
    }
    assert.deepEqual(
      wanted.filter((key) => !key.startsWith("web.") && !shown.includes(key)),
      [],
    );
  });
});

describe("package: service", function () {
  this.timeout(30_000);
  const unit = `${installed}/usr/lib/systemd/system/plugjam.service`;

  before(function () {
    if (spawnSync("systemd-analyze", ["--version"]).status === 0) return;
    console.log("      skipped: this machine has no systemd-analyze");
    this.skip();
  });

  it("is a unit without mistakes", () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-package-"));
    try {
      const file = join(folder, "plugjam.service");
      writeFileSync(file, readFileSync(unit, "utf8").replace("/usr/bin/plugjam", process.execPath));
      const { stdout, stderr, status } = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
        encoding: "utf8",
      });
      assert.equal(stdout + stderr, "");
      assert.equal(status, 0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is exposed by 2.0 at most, as systemd counts", () => {
    const args = ["security", "--offline=yes", "--no-pager", "--threshold=20", unit];
    const { stdout, stderr, status } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
  });
});

describe("package: libraries", () => {
  const modules = modulesOf(tree);

  it("has every library that the program asks for, by the file that Node would take", () => {
    const inPackage = new Set(
      modules.flatMap(({ folder, files }) => files.map((file) => join(folder, file))),
    );
    const asked = new Map<string, string>();
    for (const part of ["src", "image/update", "image/provision"])
      for (const file of scriptsBelow(fileURLToPath(new URL(`../../${part}`, import.meta.url))))
        for (const name of bareImports(readFileSync(file, "utf8"))) asked.set(name, file);
    assert.ok(asked.size >= 10, `${[...asked.keys()]}`);
    for (const [name, by] of asked) {
      const required = createRequire(by).resolve(name);
      const imported = fileURLToPath(import.meta.resolve(name));
      const found = [required, imported].map((path) =>
        relative(realpathSync(join(tree, "node_modules")), path),
      );
      const has = found.some((file) => inPackage.has(join("node_modules", file)));
      assert.ok(has, `${name}, asked for by ${by}: ${found}`);
    }
  });

  it("has nothing to compile, and no compiler", () => {
    const files = modules.flatMap(({ files }) => files);
    assert.deepEqual(
      files.filter((file) => /\.(ts|map|gyp|cc|h|md)$/.test(file)),
      [],
    );
    assert.equal(
      modules.some(({ name }) => ["typescript", "nan", "node-gyp"].includes(name)),
      false,
    );
  });

  it("knows the licence of each", () => {
    assert.deepEqual(
      modules.filter(({ licence }) => licence === "").map(({ name }) => name),
      [],
    );
  });
});

function scriptsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js"))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Names of libraries that are imported or required, at the beginning or later. */
function bareImports(source: string): string[] {
  const words = /\b(?:from |import |import\(|require\()"([^".][^"]*)"/g;
  return [...source.matchAll(words)]
    .map(([, name]) => name!)
    .filter((name) => !/^(node:|module$)/.test(name));
}
