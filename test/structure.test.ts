// The layers of the tree, read from its imports and includes: each may use those before it, none those after.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

/** Folders and files of src/, in layers. Those of one layer do not import each other. */
const typescriptLayers = [
  ["lib"],
  ["protocol"],
  ["core"],
  ["session", "hub", "audio", "panel", "config", "control", "web", "system"],
  ["controller.ts"],
  ["main.ts", "start-hub.ts", "box.ts", "settings.ts", "cli.ts", "cli", "demo"],
];

/** The last layer is one: it wires up all the rest. */
const freeLayer = 5;

/** The types of engine and mixer, and nothing that runs, may be used by those who speak of cards, packets and levels. */
const engineTypes = ["audio/engine.ts", "audio/mixer.ts"];
const usersOfEngineTypes = ["core", "session", "hub", "control", "panel"];

/** Folders of native/src/, in layers. Those of one layer do not include each other. */
const nativeLayers = [
  ["rt"],
  ["dsp", "pcm", "codec", "net", "clock", "gpio", "recorder"],
  ["engine", "mixer"],
  ["addon"],
];

/** What a block and a packet of audio are: constants and a struct, common to the neighbours of codec/. */
const nativeWords = "codec/audio_format.h";

interface Use {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

describe("structure", () => {
  it("keeps the layers of src/", () => {
    const uses = typescriptUses();
    assert.ok(uses.length > 50, "the imports were not found");
    assert.deepEqual(uses.filter((use) => !isAllowed(use, typescriptLayers)).map(show), []);
  });

  it("keeps the layers of native/src/", () => {
    const uses = nativeUses();
    assert.ok(uses.length > 20, "the includes were not found");
    assert.deepEqual(uses.filter((use) => !isAllowed(use, nativeLayers)).map(show), []);
  });

  it("would notice a use of a later layer, of a neighbour, and of what has no layer", () => {
    const use = (from: string, to: string, typeOnly = false) =>
      isAllowed({ from, to, typeOnly }, typescriptLayers);
    assert.equal(use("core/state.ts", "protocol/index.ts"), true);
    assert.equal(use("protocol/index.ts", "core/state.ts"), false);
    assert.equal(use("panel/led.ts", "control/methods.ts"), false);
    assert.equal(use("config/schema.ts", "audio/engine.ts", true), false);
    assert.equal(use("session/session.ts", "audio/engine.ts", true), true);
    assert.equal(use("session/session.ts", "audio/engine.ts", false), false);
    assert.equal(use("session/session.ts", "audio/addon.ts", true), false);
    assert.equal(use("cli/status.ts", "demo/demo.ts"), true);
    assert.equal(use("helpers/misc.ts", "lib/clock.ts"), false);
  });

  it("loads the addon in one place", () => {
    const loaders = filesIn("src", ".ts").filter((file) => /\.node["'`]/.test(code(file)));
    assert.deepEqual(
      loaders.map((file) => relative("src", file)),
      ["audio/addon.ts"],
    );
  });
});

function isAllowed({ from, to, typeOnly }: Use, layers: readonly (readonly string[])[]): boolean {
  const [user, used] = [unit(from), unit(to)];
  if (user === used) return true;
  if (engineTypes.includes(to) && typeOnly && usersOfEngineTypes.includes(user)) return true;
  if (to === nativeWords && user !== "rt") return true;
  const layerOf = (name: string) => layers.findIndex((layer) => layer.includes(name));
  const [above, below] = [layerOf(user), layerOf(used)];
  if (above < 0 || below < 0) return false;
  return below < above || (below === above && above === freeLayer);
}

/** The folder, or the file that lies beside the folders. */
function unit(path: string): string {
  return path.split("/")[0] ?? path;
}

function typescriptUses(): Use[] {
  const statement = /^(?:import|export)\s+(type\s)?[^;]*?from\s+"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;
  return filesIn("src", ".ts").flatMap((file) =>
    [...code(file).matchAll(statement)].map(([, type, from, dynamic]) => {
      const target = normalize(join(dirname(file), from ?? dynamic ?? "")).replace(/\.js$/, ".ts");
      return { from: relative("src", file), to: relative("src", target), typeOnly: type !== undefined };
    }),
  );
}

function nativeUses(): Use[] {
  return filesIn("native/src", ".h", ".cpp").flatMap((file) =>
    [...code(file).matchAll(/^#include "([^"]+)"/gm)].map(([, path = ""]) => ({
      from: relative("native/src", file),
      to: path.includes("/") ? path : relative("native/src", join(dirname(file), path)),
      typeOnly: false,
    })),
  );
}

function filesIn(folder: string, ...endings: readonly string[]): string[] {
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(folder, name));
}

function code(file: string): string {
  return readFileSync(file, "utf8");
}

function show({ from, to }: Use): string {
  return `${from} uses ${to}`;
}
