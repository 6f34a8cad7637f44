// plugjam.toml: its defaults, and the exact line for each kind of mistake in it.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config/load-config.js";
import { formatProblem } from "../../src/config/problem.js";
import type { Config } from "../../src/config/schema.js";

describe("config", () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-config-"));
    file = join(folder, "plugjam.toml");
  });
  after(() => rmSync(folder, { recursive: true }));

  function load(content: string | Buffer, ...sets: string[]) {
    writeFileSync(file, content);
    return loadConfig(file, sets);
  }

  function config(content: string, ...sets: string[]): Config {
    const result = load(content, ...sets);
    if (!result.ok) assert.fail(result.problems.map(formatProblem).join("\n"));
    return result.config;
  }

  /** The lines a user sees, with FILE for the file's name. */
  function lines(content: string | Buffer, ...sets: string[]): string[] {
    const result = load(content, ...sets);
    assert(!result.ok, "this configuration is wrong, but was taken");
    return result.problems.map((problem) => formatProblem(problem).replace(file, "FILE"));
  }

  it("has the documented defaults", () => {
    const expected: Config = {
      role: "box",
      profile: { name: hostname().slice(0, 16), instrument: 0, city: "", country: 0, skill: 0 },
      server: [],
      connect: { on_boot: false },
      audio: {
        device: "auto",
        capture: "auto",
        playback: "auto",
        period: "auto",
        periods: 2,
        channels: "stereo",
        quality: "high",
        input_gain_db: 0,
        jitter: "auto",
      },
      privacy: { recording: "notify", chat: false },
      panel: {
        gpio: "auto",
        board: "default",
        display: "auto",
        i2c_bus: 1,
        i2c_address: 0x3c,
        voice: true,
        language: "en",
      },
      control: { socket: "/run/plugjam/control.sock" },
      web: { listen: "off" },
      hub: {
        listen: "0.0.0.0:22124",
        max_clients: 10,
        welcome: "",
        small_blocks: true,
        chat: true,
        licence: false,
        public: false,
        record: false,
        record_dir: "",
        record_bits: 16,
        record_names: false,
        keep_days: 0,
        directory: false,
        directory_allow: [],
        directory_deny: [],
        register_with: [],
      },
      log: { level: "info" },
    };
    assert.deepEqual(config(""), expected);
    assert.deepEqual(loadConfig(null, []), { ok: true, config: expected });
  });

  it("takes every key a musician may set", () => {
    const full = config(`
      role = "box"
      [profile]
      name = "Zoë"
      instrument = "double bass"
      city = "Århus"
      country = "dk"
      skill = "professional"
      [[server]]
      name = "School"
      address = "[fd00::1]:22124"
      [[server]]
      address = "jam.example.org"
      [connect]
      on_boot = true
      [audio]
      device = "hw:1"
      playback = "hw:2"
      period = 64
      periods = 3
      channels = "mono-in-stereo-out"
      quality = "raw"
      input_gain_db = -6.5
      jitter = 4
      [panel]
      gpio = "off"
      display = "off"
      voice = false
      [control]
      socket = "/tmp/box.sock"
      [log]
      level = "debug"
    `);
    assert.deepEqual(full.profile, { name: "Zoë", instrument: 22, city: "Århus", country: 58, skill: 3 });
    assert.deepEqual(full.server, [
      { name: "School", address: "[fd00::1]:22124" },
      { name: "jam.example.org", address: "jam.example.org" },
    ]);
    assert.equal(full.connect.on_boot, true);
    assert.deepEqual(full.audio, {
      device: "hw:1",
      capture: "hw:1",
      playback: "hw:2",
      period: 64,
      periods: 3,
      channels: "mono-in-stereo-out",
      quality: "raw",
      input_gain_db: -6.5,
      jitter: 4,
    });
    assert.deepEqual([full.panel.gpio, full.panel.display, full.panel.voice], ["off", "off", false]);
    assert.equal(full.control.socket, "/tmp/box.sock");
    assert.equal(full.log.level, "debug");
  });

  it("keeps a name that was left empty on purpose", () => {
    assert.equal(config('[profile]\nname = ""').profile.name, "");
  });

  it("takes an instrument by number, also one that nobody knows yet", () => {
    assert.equal(config("[profile]\ninstrument = 77").profile.instrument, 77);
  });

  it("reads a file with a byte order mark and Windows line ends", () => {
    assert.equal(config("\ufeff[audio]\r\nperiod = 128\r\n").audio.period, 128);
  });

  const auto32 = 'allowed: "auto", a whole number from 32 to 256';
  const address = 'allowed: "host", "host:port", "[v6]:port", or one of these after "directory:"';
  const own = 'allowed: "address:port", "[v6]:port", the address in numbers, such as "127.0.0.1:22124"';
  const mistakes: readonly (readonly [content: string, line: string])[] = [
    ["[audio]\n\nperiod = 999", `FILE:3: audio.period: cannot be 999; ${auto32}`],
    ["[audio]\nperiod = 48.5", `FILE:2: audio.period: cannot be 48.5; ${auto32}`],
    ['[audio]\nperiod = "64"', `FILE:2: audio.period: cannot be "64"; ${auto32}`],
    ["audio.period = [64]", `FILE:1: audio.period: cannot be a list; ${auto32}`],
    ["audio = { period = 31 }", `FILE:1: audio.period: cannot be 31; ${auto32}`],
    ["audio = 3", "FILE:1: audio: cannot be 3; allowed: a table"],
    ["[audio]\nperiods = 1", "FILE:2: audio.periods: cannot be 1; allowed: a whole number from 2 to 8"],
    [
      "[audio]\njitter = 21",
      'FILE:2: audio.jitter: cannot be 21; allowed: "auto", a whole number from 1 to 20',
    ],
    [
      "[audio]\ninput_gain_db = nan",
      "FILE:2: audio.input_gain_db: cannot be NaN; allowed: a number from -40 to 40",
    ],
    [
      "[audio]\ninput_gain_db = 41",
      "FILE:2: audio.input_gain_db: cannot be 41; allowed: a number from -40 to 40",
    ],
    ['[audio]\ndevice = ""', 'FILE:2: audio.device: cannot be ""; allowed: the name of an ALSA PCM'],
    [
      '[audio]\nchannels = "Stereo"',
      'FILE:2: audio.channels: cannot be "Stereo"; allowed: "mono", "stereo", "mono-in-stereo-out"',
    ],
    [
      "[audio]\nquality = 2020-01-01",
      'FILE:2: audio.quality: cannot be a date; allowed: "low", "normal", "high", "raw"',
    ],
    [
      '[profile]\nname = "seventeen letters"',
      "FILE:2: profile.name: has 17 characters; allowed: text of at most 16 characters on one line",
    ],
    [
      '[profile]\ncity = "a\\nb"',
      'FILE:2: profile.city: cannot be "a\\nb"; allowed: text of at most 20 characters on one line',
    ],
    [
      '[profile]\ncountry = "Germany"',
      'FILE:2: profile.country: cannot be "Germany"; allowed: a two-letter country code, ""',
    ],
    [
      '[profile]\nskill = "expert"',
      'FILE:2: profile.skill: cannot be "expert"; allowed: "", "beginner", "intermediate", "professional"',
    ],
    ['[[server]]\naddress = "a b"', `FILE:2: server.0.address: cannot be "a b"; ${address}`],
    [
      '[[server]]\naddress = "a"\n[[server]]\nname = "b"',
      "FILE:3: server.1.address: is missing; allowed: a table with its address",
    ],
    ['[server]\naddress = "a"', "FILE:1: server: cannot be a table; allowed: [[server]] tables"],
    ['[connect]\non_boot = "yes"', 'FILE:2: connect.on_boot: cannot be "yes"; allowed: true, false'],
    [
      '[privacy]\nrecording = "ask"',
      'FILE:2: privacy.recording: cannot be "ask"; allowed: "notify", "mute-until-ack", "refuse"',
    ],
    [
      `[control]\nsocket = "/${"x".repeat(107)}"`,
      "FILE:2: control.socket: has 108 bytes; allowed: a path of at most 107 bytes",
    ],
    [
      '[log]\nlevel = "loud"',
      'FILE:2: log.level: cannot be "loud"; allowed: "trace", "debug", "info", "warn", "error", "fatal", "silent"',
    ],
    // keys that do not exist
    [
      "[connect]\non_bot = true",
      "FILE:2: connect.on_bot: no such key, did you mean on_boot?; allowed: on_boot",
    ],
    ["[connect]\nconstructor = 1", "FILE:2: connect.constructor: no such key; allowed: on_boot"],
    ["[connect]\n__proto__ = 1", "FILE:2: connect.__proto__: no such key; allowed: on_boot"],
    ['[[server]]\naddress = "a"\nport = 1', "FILE:3: server.0.port: no such key; allowed: name, address"],
    [
      "[Audio]\nperiod = 1\nperiods = 2",
      "FILE:1: Audio: no such key, did you mean audio?; " +
        "allowed: role, profile, server, connect, audio, privacy, panel, control, web, hub, log",
    ],
    // no TOML at all
    ['[audio]\ndevice = "hw', "FILE:2: not TOML: unterminated string constant"],
    ["[audio]\nperiod = ", "FILE:2: not TOML: unspecified values are invalid"],
    ["[audio]\nperiod = 64\nperiod = 64", "FILE:3: not TOML: defining a key multiple times is invalid"],
    ["\0\0\u0001", "FILE:1: not TOML: unexpected character"],
    // what this version does not do
    [
      '[web]\nlisten = "127.0.0.1:8080"',
      'FILE:2: web.listen: "127.0.0.1:8080" is not available in this version; allowed: "off"',
    ],
    // what does not go together
    [
      "[hub]\nrecord = true",
      "FILE:2: hub.record: there is no folder to record to; allowed: true with hub.record_dir",
    ],
    [
      '[[server]]\naddress = "directory:dir.school"',
      "FILE:1: server.0.name: is missing; allowed: the server's name in the directory",
    ],
    [
      '[[server]]\nname = "Room 7"\naddress = "directory:"',
      `FILE:3: server.0.address: cannot be "directory:"; ${address}`,
    ],
    [
      '[[server]]\naddress = "jam.example:0"',
      `FILE:2: server.0.address: cannot be "jam.example:0"; ${address}`,
    ],
    ['[hub]\nlisten = "0.0.0.0:0"', `FILE:2: hub.listen: cannot be "0.0.0.0:0"; ${own}`],
    ['[hub]\nlisten = "localhost:22124"', `FILE:2: hub.listen: cannot be "localhost:22124"; ${own}`],
    [
      '[hub]\nregister_with = ["dir.example:0"]',
      'FILE:2: hub.register_with.0: cannot be "dir.example:0"; allowed: "host", "host:port", "[v6]:port"',
    ],
    ["[hub]\nrecord_bits = 20", "FILE:2: hub.record_bits: cannot be 20; allowed: 16, 24"],
    [
      '[hub]\ndirectory_allow = ["10.0.0.0/33"]',
      'FILE:2: hub.directory_allow.0: cannot be "10.0.0.0/33"; allowed: "address", "address/bits"',
    ],
  ];
  for (const [content, line] of mistakes) {
    it(`says: ${line}`, () => assert.deepEqual(lines(content), [line]));
  }

  it("names the instruments when one is not known", () => {
    const [line, ...more] = lines('[profile]\ninstrument = "Gitar"');
    assert.deepEqual(more, []);
    assert.match(line!, /^FILE:2: profile\.instrument: cannot be "Gitar"; allowed: a number from 0 to 255, /);
    assert.match(line!, /"Electric Guitar", .*"Conductor"$/);
  });

  it("tells all mistakes at once, one line each", () => {
    assert.deepEqual(
      lines("rolle = 1\n[audio]\nperiod = 1\njitter = 0").map((line) => line.split(": ", 2).join(": ")),
      ["FILE:1: rolle", "FILE:3: audio.period", "FILE:4: audio.jitter"],
    );
  });

  it("names a file that is not there, or not a file", () => {
    const missing = join(folder, "none.toml");
    const result = loadConfig(missing, []);
    assert(!result.ok);
    assert.deepEqual(result.problems.map(formatProblem), [`${missing}: no such file`]);
    const notAFile = loadConfig(folder, []);
    assert(!notAFile.ok);
    assert.deepEqual(notAFile.problems.map(formatProblem), [`${folder}: cannot be read (EISDIR)`]);
  });

  it("finds the line of bytes that are not UTF-8", () => {
    const garbage = Buffer.concat([
      Buffer.from("[audio]\n# fine\ndevice = "),
      Buffer.from([0xff, 0xfe, 0x80]),
    ]);
    assert.deepEqual(lines(garbage), ["FILE:3: not UTF-8 text; allowed: a TOML file"]);
  });

  it("survives a good file cut off anywhere", () => {
    const whole =
      '[profile]\nname = "Ann"\n[[server]]\naddress = "a:1"\n[audio]\nperiod = 64\njitter = "auto"\n';
    for (let end = 0; end <= whole.length; end++) {
      const result = load(whole.slice(0, end));
      if (result.ok) continue;
      for (const problem of result.problems) assert.match(formatProblem(problem), /:\d+: [^\n]+$/);
    }
  });

  describe("--set", () => {
    it("takes TOML values, and any other text as text", () => {
      const audio = config(
        '[audio]\ndevice = "default"\nperiod = 128',
        "audio.device=hw:1",
        "audio.period=64",
        "audio.input_gain_db=-3",
      ).audio;
      assert.deepEqual(
        [audio.device, audio.capture, audio.period, audio.input_gain_db],
        ["hw:1", "hw:1", 64, -3],
      );
    });

    it("takes quoted text, booleans, empty text and text with an equals sign", () => {
      const set = config(
        "",
        'profile.name="123"',
        "connect.on_boot=true",
        "profile.city=",
        "audio.device=plug:X=1",
      );
      assert.deepEqual([set.profile.name, set.connect.on_boot, set.profile.city], ["123", true, ""]);
      assert.equal(set.audio.device, "plug:X=1");
    });

    it("reaches into the list of servers, and replaces it whole", () => {
      const two = '[[server]]\naddress = "a"\n[[server]]\naddress = "b"';
      assert.deepEqual(
        config(two, "server.1.address=c").server.map((server) => server.address),
        ["a", "c"],
      );
      assert.deepEqual(config("", "server.0.address=c").server, [{ name: "c", address: "c" }]);
      assert.deepEqual(config(two, 'server=[{ address = "c", name = "d" }]').server, [
        { name: "d", address: "c" },
      ]);
    });

    it("puts right what is wrong in the file", () => {
      assert.equal(config("[audio]\nperiod = 1", "audio.period=64").audio.period, 64);
    });

    const wrong: readonly (readonly [set: string, line: string])[] = [
      ["audio.period=999", `--set audio.period=999: audio.period: cannot be 999; ${auto32}`],
      [
        "connect.on_bot=true",
        "--set connect.on_bot=true: connect.on_bot: no such key, did you mean on_boot?; allowed: on_boot",
      ],
      ["audio.device", "--set audio.device: not KEY=VALUE; allowed: such as audio.device=hw:1"],
      ["=3", "--set =3: not KEY=VALUE; allowed: such as audio.device=hw:1"],
      ["__proto__.x=3", "--set __proto__.x=3: not KEY=VALUE; allowed: such as audio.device=hw:1"],
      ["server.3.address=a", "--set server.3.address=a: server.3.address: there are only 0"],
      [
        'server=[{ address = "" }]',
        `--set server=[{ address = "" }]: server.0.address: cannot be ""; ${address}`,
      ],
      ["role=server", '--set role=server: role: cannot be "server"; allowed: "box", "hub", "both"'],
      [
        "audio.device=a\nb",
        '--set audio.device=a b: audio.device: cannot be "a\\nb"; allowed: the name of an ALSA PCM',
      ],
    ];
    for (const [set, line] of wrong) {
      it(`says: ${line}`, () => assert.deepEqual(lines("", set), [line]));
    }

    it("does not step over a value that is no table", () => {
      assert.deepEqual(lines("audio = 3", "audio.period=64"), [
        "--set audio.period=64: audio.period: audio is no table",
        "FILE:1: audio: cannot be 3; allowed: a table",
      ]);
    });
  });
});
