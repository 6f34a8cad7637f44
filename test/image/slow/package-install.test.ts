// The Debian package on a Debian 13 that has what the package asks for and nothing more: in, used, and out again.

import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { run } from "../../../image/build/step.js";
import { version } from "../../../src/lib/version.js";
import { launch, stopAllProcesses } from "../../support/process.js";
import { until } from "../../support/until.js";
import { DebianRoot } from "../debian-root.js";

const processor = process.arch === "arm64" ? "arm64" : "amd64";
const built = path.resolve(`dist/image/out/plugjam_${version}_${processor}.deb`);
const configuration = "/etc/plugjam/plugjam.toml";

/** dpkg's own records, and the copies that are made of the lists of users and groups before a change. */
const records =
  /^(etc\/(passwd|group|shadow|gshadow|subuid|subgid)-|etc\/\.pwd\.lock|var\/(lib\/dpkg|log|cache)\/.*)$/;

describe("package, on a plain Debian 13", function () {
  this.timeout(15 * 60_000);
  let debian: DebianRoot;
  let untouched: string[];

  before(async function () {
    if (process.getuid?.() !== 0) {
      console.log("      skipped: a system within the system needs root");
      return this.skip();
    }
    assert.ok(existsSync(built), `${built} is missing. Run: npm run package`);
    debian = await DebianRoot.make(dependencies(await run("dpkg-deb", ["--field", built, "Depends"])));
    writeFileSync(debian.inside("plugjam.deb"), readFileSync(built));
    untouched = debian.files();
  });
  afterEach(stopAllProcesses);
  after(() => debian?.remove());

  /** Runs a module that lies beside the program. */
  function module(text: string): string {
    const file = "/usr/lib/plugjam/dist/src/module-of-a-test.js";
    writeFileSync(debian.inside(file), text);
    try {
      return debian.output("node", file);
    } finally {
      rmSync(debian.inside(file));
    }
  }

  it("installs, with a user of its own, and will start with the machine", () => {
    debian.output("dpkg", "--install", "/plugjam.deb");
    assert.match(debian.output("dpkg", "--status", "plugjam"), /^Status: install ok installed$/m);
    const groups = debian.output("id", "--name", "--groups", "plugjam").trim().split(" ");
    assert.deepEqual(groups.sort(), ["audio", "gpio", "i2c", "plugjam"]);
    assert.match(debian.output("getent", "passwd", "plugjam"), /:\/usr\/sbin\/nologin$/m);
    assert.equal(debian.output("systemctl", "is-enabled", "plugjam.service"), "enabled\n");
  });

  it("belongs to root, and nobody else may write to it", () => {
    const names = debian.output("dpkg", "--listfiles", "plugjam").trim().split("\n").slice(1);
    // This Debian takes no manuals.
    const there = names.filter((name) => existsSync(debian.inside(name)));
    assert.ok(there.length > 300, `${there.length} of ${names.length}`);
    const open = there.filter((name) => {
      const { uid, gid, mode } = statSync(debian.inside(name));
      return uid !== 0 || gid !== 0 || (mode & 0o022) !== 0;
    });
    assert.deepEqual(open, []);
  });

  it("has a configuration that is good", () => {
    assert.equal(debian.output("plugjam", "check", configuration), `${configuration}: good\n`);
    assert.equal(debian.output("plugjam", "--version"), `${version}\n`);
  });

  it("has a sound engine that loads, which doctor says", () => {
    const { stdout } = debian.run("plugjam", "doctor", "--json");
    const checks = JSON.parse(stdout) as { check: string; ok: boolean }[];
    const isFine = (name: string) => checks.find(({ check }) => check === name)?.ok;
    assert.equal(isFine("Node.js"), true, stdout);
    assert.equal(isFine("sound engine"), true, stdout);
  });

  it("loads every library", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    const names = Object.keys(dependencies)
      .filter((name) => name !== "node-addon-api")
      .map((name) => (name === "csv-parse" ? "csv-parse/sync" : name));
    const loaded = module(`
      import { createRequire } from "node:module";
      const require = createRequire(import.meta.url);
      for (const name of ${JSON.stringify(names)}) {
        try { require(name); } catch { await import(name); }
      }
      console.log("all");`);
    assert.equal(loaded, "all\n");
  });

  it("decodes its voice, in every language", () => {
    const decoded = module(`
      import { loadPrompts } from "/usr/lib/plugjam/dist/src/panel/voice/load.js";
      const languages = ["en", "de"].map((name) => loadPrompts("/usr/lib/plugjam/dist/voice/" + name, new AbortController().signal));
      for (const { samples, troubles } of await Promise.all(languages)) {
        const quiet = samples.filter((prompt) => !prompt.some((sample) => Math.abs(sample) > 3000)).length;
        console.log(samples.length > 5, quiet, troubles.length);
      }`);
    assert.equal(decoded, "true 0 0\ntrue 0 0\n");
  });

  it("is a box, as the user that it runs as", async () => {
    mkdirSync(debian.inside("run/plugjam"), { recursive: true });
    debian.output("chown", "plugjam:plugjam", "/run/plugjam");
    const user = ["setpriv", "--reuid=plugjam", "--regid=plugjam", "--init-groups"];
    const box = launch("chroot", [debian.folder, ...user, "plugjam", "run", "--config", configuration]);
    const status = await until("a box that answers", () => {
      const { stdout } = debian.run("plugjam", "status", "--json");
      return stdout === ""
        ? null
        : (JSON.parse(stdout) as { version: string; connection: { state: string } });
    });
    assert.equal(status.version, version);
    assert.equal(status.connection.state, "idle");
    assert.equal(await box.stop(), "exit 0", box.log());
    debian.output("rm", "-r", "/run/plugjam");
  });

  it("has a service that Debian 13's systemd finds no fault with", () => {
    const unit = "/usr/lib/systemd/system/plugjam.service";
    const { stdout, stderr, status } = debian.run("systemd-analyze", "verify", "--man=no", unit);
    assert.equal(`${stdout}${stderr}`, "");
    assert.equal(status, 0);
    debian.output("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", unit);
  });

  it("keeps what was changed in the configuration when it is installed again", () => {
    appendFileSync(debian.inside(configuration), "# changed\n");
    debian.output("dpkg", "--install", "/plugjam.deb");
    assert.match(readFileSync(debian.inside(configuration), "utf8"), /# changed\n$/);
  });

  it("leaves its configuration and its memory when it is removed", () => {
    mkdirSync(debian.inside("var/lib/plugjam/recordings/2026"), { recursive: true });
    writeFileSync(debian.inside("var/lib/plugjam/wanted.json"), "null");
    debian.output("dpkg", "--remove", "plugjam");
    const left = debian.files().filter((name) => name.includes("plugjam") && !records.test(name));
    const ours = left.filter((name) => !/^etc\/systemd|^var\/lib\/systemd|^plugjam\.deb$/.test(name));
    assert.deepEqual(ours.sort(), [
      "etc/plugjam",
      "etc/plugjam/plugjam.toml",
      "var/lib/plugjam",
      "var/lib/plugjam/recordings",
      "var/lib/plugjam/recordings/2026",
      "var/lib/plugjam/wanted.json",
    ]);
  });

  it("leaves nothing but somebody's recordings when it is purged", () => {
    const told = debian.output("dpkg", "--purge", "plugjam");
    assert.match(told, /the recordings stay in \/var\/lib\/plugjam/);
    const isNew = (name: string) => !untouched.includes(name) && !records.test(name);
    assert.deepEqual(debian.files().filter(isNew).sort(), [
      "var/lib/plugjam",
      "var/lib/plugjam/recordings",
      "var/lib/plugjam/recordings/2026",
    ]);
    const now = new Set(debian.files());
    assert.deepEqual(
      untouched.filter((name) => !records.test(name) && !now.has(name)),
      [],
    );
  });

  it("leaves nothing at all when it is purged at once", () => {
    debian.output("rm", "-r", "/var/lib/plugjam");
    debian.output("dpkg", "--install", "/plugjam.deb");
    debian.output("dpkg", "--purge", "plugjam");
    const isNew = (name: string) => !untouched.includes(name) && !records.test(name);
    assert.deepEqual(debian.files().filter(isNew), []);
  });
});

/** The first of each choice. */
function dependencies(field: string): string[] {
  return field.split(",").map((choice) => choice.trim().split(/[ |]/, 1)[0]!);
}
