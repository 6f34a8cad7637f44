// The command line: exit codes, one line for each error, and what it tells of a box.

import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { ControlServer } from "../../src/control/control-server.js";
import type { Status } from "../../src/core/status.js";
import { systemClock } from "../../src/lib/clock.js";
import { FakeBox } from "../control/fake-box.js";
import { until } from "../support/until.js";
import { cli, plugjam } from "./command.js";

describe("command line", () => {
  let folder: string;
  let children: ChildProcess[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-cli-"));
    children = [];
  });

  afterEach(async () => {
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  /** A child process, its lines on standard output, and what it says on standard error. */
  function start(...args: readonly string[]) {
    const env = { ...process.env, STATE_DIRECTORY: join(folder, "state") };
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    const ended = once(child, "close").then(([code, signal]) => code ?? signal);
    return { child, ended, next: async () => (await lines.next()).value, complaints: () => err };
  }

  it("tells its version, which is package.json's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    assert.deepEqual(await plugjam("--version"), { code: 0, out: `${version}\n`, err: "" });
  });

  it("starts as a program of its own, with a heap that is kept small", () => {
    const own = join(folder, "plugjam");
    const [firstLine = ""] = readFileSync(cli, "utf8").split("\n");
    writeFileSync(own, `${firstLine}\nconsole.log(process.execArgv.join());\n`, { mode: 0o755 });
    const { stdout } = spawnSync(own, { encoding: "utf8" });
    assert.equal(stdout, "--optimize-for-size\n");
  });

  it("helps, for nothing", async () => {
    const { code, out } = await plugjam("--help");
    assert.equal(code, 0);
    for (const command of ["run", "demo", "status", "press", "record", "devices", "check", "doctor"]) {
      assert.match(out, new RegExp(`^  ${command} `, "m"));
    }
  });

  describe("wrong use ends with 2 and one line", () => {
    const wrong: readonly (readonly [args: string, line: string])[] = [
      ["explode", "plugjam: unknown command 'explode'"],
      ["statu", "plugjam: unknown command 'statu' (Did you mean status?)"],
      ["status --yaml", "plugjam: unknown option '--yaml'"],
      ["press", "plugjam: missing required argument 'button'"],
      ["check", "plugjam: missing required argument 'file'"],
      [
        "press rec",
        "plugjam: command-argument value 'rec' is invalid for argument 'button'. Allowed choices are connect, mute.",
      ],
      [
        "press mute --hold long",
        "plugjam: option '--hold <ms>' argument 'long' is invalid. Allowed: 0 to 60000.",
      ],
      ["demo --seconds 0", "plugjam: option '--seconds <n>' argument '0' is invalid. Allowed: 1 to 86400."],
      ["check /nowhere/plugjam.toml", "/nowhere/plugjam.toml: no such file"],
      [
        "run --set audio.periods=1",
        "--set audio.periods=1: audio.periods: cannot be 1; allowed: a whole number from 2 to 8",
      ],
      ["run --config /nowhere/plugjam.toml", "/nowhere/plugjam.toml: no such file"],
    ];
    for (const [args, line] of wrong) {
      it(args, async () => {
        assert.deepEqual(await plugjam(...args.split(" ")), { code: 2, out: "", err: `${line}\n` });
      });
    }

    it("nothing at all shows the help", async () => {
      const { code, err } = await plugjam();
      assert.equal(code, 2);
      assert.match(err, /^Usage: plugjam/);
    });
  });

  it("checks a configuration", async () => {
    const file = join(folder, "plugjam.toml");
    writeFileSync(file, "[audio]\nperiod = 64\n");
    assert.deepEqual(await plugjam("check", file), { code: 0, out: `${file}: good\n`, err: "" });
    writeFileSync(file, "[audio]\nperiod = 6\njitter = 0\n");
    assert.deepEqual(await plugjam("check", file), {
      code: 2,
      out: "",
      err:
        `${file}:2: audio.period: cannot be 6; allowed: "auto", a whole number from 32 to 256\n` +
        `${file}:3: audio.jitter: cannot be 0; allowed: "auto", a whole number from 1 to 20\n`,
    });
  });

  it("lists the sound devices", async () => {
    const { code, out } = await plugjam("devices", "--json");
    assert.equal(code, 0);
    const devices: unknown = JSON.parse(out);
    assert(Array.isArray(devices));
    for (const device of devices) {
      assert.deepEqual(Object.keys(device).sort(), ["capture", "device", "name", "playback"]);
    }
    const text = await plugjam("devices");
    assert.equal(text.code, 0);
    assert.equal(text.out.trimEnd().split("\n").length, Math.max(1, devices.length));
  });

  describe("where no box is", () => {
    it("says so, and what to do", async () => {
      const socket = join(folder, "none.sock");
      for (const command of [["status"], ["status", "--json", "--watch"], ["press", "mute"]]) {
        assert.deepEqual(await plugjam(...command, "--socket", socket), {
          code: 1,
          out: "",
          err: `No box answers at ${socket}: start one with \`plugjam run\`, or name its socket with --socket.\n`,
        });
      }
    });
  });

  describe("at a box", () => {
    let box: FakeBox;
    let server: ControlServer;
    let socket: string;

    beforeEach(async () => {
      box = new FakeBox();
      socket = join(folder, "control.sock");
      server = new ControlServer({
        path: socket,
        box,
        clock: systemClock,
        logger: { warn: assert.fail, error: assert.fail },
      });
      assert.equal(await server.start(), null);
    });
    afterEach(() => server.stop());

    it("shows the status as JSON and as text", async () => {
      const { code, out, err } = await plugjam("status", "--json", "--socket", socket);
      assert.deepEqual([code, err], [0, ""]);
      assert.deepEqual(JSON.parse(out), box.status());
      const text = await plugjam("status", "--socket", socket);
      assert.equal(text.code, 0);
      assert.match(text.out, /^Connection {2}on/m);
      assert.match(text.out, /^Recording {3}unknown$/m);
    });

    it("shows a line for each change, until the box ends", async () => {
      const watch = start("status", "--watch", "--json", "--socket", socket);
      const state = async () => (JSON.parse((await watch.next()) ?? "null") as Status).connection.state;
      assert.equal(await state(), "connected");
      box.change("leaving");
      assert.equal(await state(), "leaving");
      box.change("idle");
      assert.equal(await state(), "idle");
      await server.stop();
      assert.equal(await watch.ended, 1);
      assert.equal(watch.complaints(), `The box at ${socket} is gone.\n`);
    });

    it("ends quietly when nobody reads on", async () => {
      const pipe = `"$0" "$1" status --watch --json --socket "$2" | head -n 1`;
      const reading = promisify(execFile)("sh", ["-c", pipe, process.execPath, cli, socket]);
      let over = false;
      const ended = reading.finally(() => {
        over = true;
      });
      await until("the pipe to end", () => {
        box.change("connected");
        return over;
      });
      const { stdout, stderr } = await ended;
      assert.deepEqual(JSON.parse(stdout), box.status());
      assert.equal(stderr, "");
    });

    it("presses buttons", async () => {
      assert.deepEqual(await plugjam("press", "connect", "--socket", socket), { code: 0, out: "", err: "" });
      assert.equal((await plugjam("press", "mute", "--hold", "60", "--socket", socket)).code, 0);
      assert.deepEqual(box.wishes, [
        { kind: "button.down", button: "connect" },
        { kind: "button.up", button: "connect" },
        { kind: "button.down", button: "mute" },
        { kind: "button.up", button: "mute" },
      ]);
    });
  });

  it("is a box, from run to SIGTERM", async () => {
    const file = join(folder, "plugjam.toml");
    const socket = join(folder, "run", "control.sock");
    writeFileSync(file, '[profile]\nname = "Ann"\n[privacy]\nrecording = "refuse"\n');
    const run = start(
      "run",
      "--config",
      file,
      "--set",
      "audio.device=none",
      "--set",
      "panel.gpio=off",
      "--socket",
      socket,
    );
    await until("the box's socket", () => existsSync(socket), { hopeless: () => run.complaints() || null });
    assert.equal(statSync(socket).mode & 0o777, 0o660);
    const { code, out } = await plugjam("status", "--json", "--socket", socket);
    assert.equal(code, 0);
    const status = JSON.parse(out) as Status;
    assert.deepEqual([status.role, status.connection.state, status.muted.on], ["box", "idle", false]);
    run.child.kill("SIGTERM");
    assert.equal(await run.ended, 0);
    assert(!existsSync(socket));
  });
});
