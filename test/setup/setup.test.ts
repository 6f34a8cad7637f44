// The set-up script in a small tree of its own, with stand-ins for apt, npm and the rest that note how they are called.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const standIns = {
  "dpkg-query": `while read -r package; do echo "ii $package"; done < "$TREE/installed"`,
  "apt-get": `
    echo "apt-get $*" >> "$TREE/calls"
    [ "$1" = install ] || exit 0
    for word in "$@"; do
      case $word in install|--*) ;; *) echo "$word" >> "$TREE/installed" ;; esac
    done`,
  npm: `
    echo "npm $*" >> "$TREE/calls"
    if [ -e "$TREE/broken" ]; then echo "first of two lines"; echo "the reason" >&2; exit 3; fi
    case "$*" in
      ci*) mkdir -p node_modules; cat package-lock.json > node_modules/.package-lock.json ;;
      *build:native*) mkdir -p native/build/Release ;;
      *build:ts*) mkdir -p dist ;;
    esac`,
};
const realTools = ["sh", "env", "cat", "mkdir"];

describe("setup.mjs", function () {
  this.timeout(30_000);
  let tree: string;
  const inTree = (...parts: string[]) => path.join(tree, ...parts);
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(inTree(file)), { recursive: true });
    fs.writeFileSync(inTree(file), text);
  };

  /** What was called, in order, and what was said. */
  function setUp(goal: string, user: "root" | "nobody" = "root") {
    fs.rmSync(inTree("calls"), { force: true });
    const asUser = user === "nobody" ? [whereIs("setpriv"), "--reuid", "65534", "--clear-groups", "--"] : [];
    const words = [...asUser, process.execPath, inTree("src/setup.mjs"), goal];
    const started = performance.now();
    const run = spawnSync("env", [`PATH=${inTree("bin")}`, ...words], {
      encoding: "utf8",
      env: { TREE: tree },
    });
    const calls = fs.existsSync(inTree("calls")) ? fs.readFileSync(inTree("calls"), "utf8").trim() : "";
    return {
      calls: calls === "" ? [] : calls.split("\n"),
      said: run.stdout + run.stderr,
      status: run.status,
      ms: performance.now() - started,
    };
  }

  beforeEach(() => {
    tree = fs.mkdtempSync(path.join(tmpdir(), "plugjam-setup-test-"));
    write("src/setup.mjs", fs.readFileSync("src/setup.mjs", "utf8"));
    write("src/main.ts", "");
    write("test/main.test.ts", "");
    write("native/src/engine.cpp", "");
    write("tsconfig.json", "{}");
    write("package.json", JSON.stringify({ allowScripts: { onoff: true, opus: false } }));
    write(
      "package-lock.json",
      JSON.stringify({ packages: { "": {}, "node_modules/onoff": { version: "1.0.0" } } }),
    );
    write("installed", "make\npython3\n");
    for (const [name, script] of Object.entries(standIns)) {
      write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
      fs.chmodSync(inTree("bin", name), 0o755);
    }
    for (const name of realTools) fs.symlinkSync(whereIs(name), inTree("bin", name));
    fs.symlinkSync(process.execPath, inTree("bin/node"));
  });

  afterEach(() => fs.rmSync(tree, { recursive: true, force: true }));

  it("does each step on a fresh machine, and nothing in under a second the next time", () => {
    const first = setUp("run");
    assert.equal(first.status, 0, first.said);
    assert.deepEqual(first.calls, [
      "apt-get update",
      "apt-get install --yes --no-install-recommends g++ libasound2-dev espeak-ng opus-tools",
      "npm ci --ignore-scripts --no-audit --no-fund",
      "npm rebuild onoff",
      "npm run --silent build:native -- plugjam asound_module_pcm_plugjam",
      "npm run --silent build:ts",
    ]);
    const second = setUp("run");
    assert.deepEqual([second.calls, second.said, second.status], [[], "", 0]);
    assert.ok(second.ms < 1000, `${second.ms} ms`);
  });

  it("adds for the tests what only they need", () => {
    setUp("run");
    assert.deepEqual(setUp("test").calls, [
      "apt-get update",
      "apt-get install --yes --no-install-recommends clang-format doctest-dev jamulus alsa-utils jackd2 sox flex bison bc kmod xz-utils libelf-dev iproute2 wireguard-tools wireguard-go nftables kicad openscad device-tree-compiler shellcheck",
      "npm run --silent build:native",
    ]);
    assert.deepEqual(setUp("run").calls, []);
  });

  it("does again only what a change asks for", () => {
    setUp("run");
    write("native/src/new.cpp", "");
    assert.deepEqual(setUp("run").calls, [
      "npm run --silent build:native -- plugjam asound_module_pcm_plugjam",
    ]);
    write("src/main.ts", "export {};");
    assert.deepEqual(setUp("run").calls, ["npm run --silent build:ts"]);
    write("package-lock.json", JSON.stringify({ packages: { "node_modules/onoff": { version: "1.0.1" } } }));
    assert.equal(setUp("run").calls[0], "npm ci --ignore-scripts --no-audit --no-fund");
  });

  it("does not mind optional packages for other machines", () => {
    const packages = { "node_modules/other-cpu": { version: "1.0.0", optional: true } };
    write("package-lock.json", JSON.stringify({ packages }));
    write("node_modules/.package-lock.json", JSON.stringify({ packages: {} }));
    assert.ok(!setUp("run").calls.some((call) => call.startsWith("npm ci")));
  });

  it("removes what was compiled from a test that is gone", () => {
    write("dist/test/gone.test.js", "");
    write("dist/test/main.test.js", "");
    setUp("run");
    assert.deepEqual(fs.readdirSync(inTree("dist/test")), ["main.test.js"]);
  });

  it("shows a failing step whole, says what failed, and tries again the next time", () => {
    write("broken", "");
    const failed = setUp("run");
    assert.equal(failed.status, 1);
    assert.match(
      failed.said,
      /npm ci \.\.\. failed\nfirst of two lines\nthe reason\nsetup: npm ci .*: exit 3\. /,
    );
    assert.equal(failed.calls.at(-1), "npm ci --ignore-scripts --no-audit --no-fund");
    fs.rmSync(inTree("broken"));
    assert.equal(setUp("run").status, 0);
  });

  it("has the voice speak its words where it can, and anew when they change, and says where it cannot", () => {
    write("src/panel/voice/words.ts", "Connected");
    assert.match(setUp("run").said, /setup: no voice prompts: espeak-ng and opusenc missing\n/);
    for (const tool of ["espeak-ng", "opusenc"]) write(`bin/${tool}`, "");
    assert.deepEqual(setUp("run").calls, ["npm run --silent build:voice"]);
    assert.deepEqual(setUp("run").calls, []);
    write("src/panel/voice/words.ts", "Joined!");
    assert.deepEqual(setUp("run").calls.at(-1), "npm run --silent build:voice");
  });

  it("is not held up by a set-up that was killed", () => {
    const { pid } = spawnSync("true");
    write("dist/.plugjam-setup-lock", String(pid));
    assert.equal(setUp("run").status, 0);
  });

  it("says what to install where there is no apt", () => {
    fs.rmSync(inTree("bin/dpkg-query"));
    fs.rmSync(inTree("bin/apt-get"));
    const { said, status, calls } = setUp("run");
    assert.match(said, /not a Debian system; wanted, by Debian's names: g\+\+ make python3 /);
    assert.deepEqual([status, calls], [1, []]);
    for (const tool of ["g++", "make"]) write(`bin/${tool}`, "");
    assert.equal(
      setUp("run").calls[0],
      "npm ci --ignore-scripts --no-audit --no-fund",
      "goes on with the tools there",
    );
  });

  it("says what to type where it is neither root nor has sudo", function () {
    // Only root can become somebody without rights, and give them the tree.
    if (process.getuid?.() !== 0) this.skip();
    fs.chownSync(tree, 65534, 65534);
    const { said, status } = setUp("run", "nobody");
    assert.match(
      said,
      /sudo apt-get install --no-install-recommends g\+\+ libasound2-dev espeak-ng opus-tools\n/,
    );
    assert.equal(status, 1);
  });

  it("knows its goals", () => {
    assert.deepEqual([setUp("").status, setUp("fly").status], [1, 1]);
  });
});

function whereIs(program: string): string {
  const places = (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, program));
  const found = places.find((place) => fs.existsSync(place));
  assert.ok(found, `${program} is not on the PATH`);
  return found;
}
