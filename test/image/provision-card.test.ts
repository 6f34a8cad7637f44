// Provisioning at work on a machine in a folder: what it writes where, secrets that leave the card, bad files, power cuts.

import assert from "node:assert/strict";
import { linkSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseSecrets } from "../../image/provision/secrets.js";
import { loadConfig } from "../../src/config/load-config.js";
import { network, sshKey, tunnel, wireguardKey } from "./provision-example.js";
import { note, TestMachine } from "./provision-machine.js";

const card = "boot/firmware/plugjam.toml";
const list = "boot/firmware/boxes.csv";
const wifi = "etc/wpa_supplicant/plugjam.conf";

describe("provisioning", () => {
  let machine: TestMachine;
  beforeEach(() => {
    machine = new TestMachine();
    // As any card that was in the box before.
    machine.write("boot/firmware/this-box.txt", note);
  });
  afterEach(() => machine.end());

  /** The password with which it joins. */
  const joinsWith = () => {
    const hex = /sae_password=(.*)/.exec(machine.read(wifi) ?? "")?.[1] ?? "";
    return Buffer.from(hex, "hex").toString();
  };
  const secrets = () => parseSecrets(machine.read("data/secrets/card.json") ?? "");

  it("names the machine, and gives the product a configuration that it takes", () => {
    machine.card('room = "Große Aula"\nrole = "hub"\n[hub]\nwelcome = """\nA\tb\n"c"\\u007f"""\n').boot();
    assert.equal(machine.read("etc/hostname"), "plugjam-grosse-aula\n");
    assert.match(machine.read("proc/sys/kernel/hostname") ?? "", /^plugjam-grosse-aula/);
    const read = loadConfig(join(machine.root, "etc/plugjam/plugjam.toml"), []);
    assert(read.ok);
    assert.deepEqual([read.config.role, read.config.hub.welcome], ["hub", 'A\tb\n"c"\u007f']);
    assert.deepEqual([machine.said, machine.report()], [[], null]);
  });

  it("moves secrets off the card, changes nothing else on it, and joins with them from then on", () => {
    const before = `\ufeff# Ours\r\n${network("School", "geheim123").replaceAll("\n", "\r\n")}\r\n${tunnel}`;
    machine.card(before).boot();
    const after = machine.read(card) ?? "";
    const expected = before
      .replace('wifi_password = "geheim123"', "# wifi_password = moved into the box on 2026-11-26")
      .replace(`private_key = '''\n${wireguardKey}'''`, "# private_key = moved into the box on 2026-11-26");
    assert.equal(after, expected);
    assert.deepEqual(secrets(), {
      wifi: { name: "School", password: "geheim123" },
      wireguardKey: wireguardKey,
    });
    assert.deepEqual([machine.mode("data/secrets/card.json"), machine.mode("data/secrets")], ["600", "700"]);
    assert.deepEqual(machine.mounts, ["rw,sync", "ro"]);
    const [joined, tunnelled] = [
      machine.read(wifi),
      machine.read("etc/systemd/network/40-plugjam-tunnel.netdev"),
    ];
    assert.equal(joinsWith(), "geheim123");
    assert.match(tunnelled ?? "", new RegExp(`^PrivateKey=${wireguardKey.replaceAll("+", "\\+")}$`, "m"));
    assert.deepEqual(
      [machine.mode(wifi), machine.mode("etc/systemd/network/40-plugjam-tunnel.netdev")],
      ["600", "640"],
    );

    machine.boot();
    assert.deepEqual([machine.read(wifi), machine.read(card)], [joined, after]);
    assert.equal(machine.read("etc/systemd/network/40-plugjam-tunnel.netdev"), tunnelled);
    assert.deepEqual(machine.mounts, ["rw,sync", "ro"]);
  });

  it("leaves no word of them where they lay, nor in the kept copy, nor in the log", () => {
    machine.card(network("School", "geheim123"), "box,network.wifi_password\nabcd1234,geheim456\n");
    for (const file of [card, list]) linkSync(join(machine.root, file), join(machine.root, `${file}.disk`));
    machine.boot();
    for (const file of [card, list]) {
      assert.match(readFileSync(join(machine.root, `${file}.disk`), "latin1"), /^\0+$/);
      assert.doesNotMatch(machine.read(file) ?? "", /geheim/);
    }
    assert.equal(secrets()?.wifi?.password, "geheim456");
    assert.doesNotMatch(machine.read("data/provision/last-good.json") ?? "geheim", /geheim/);
    assert.doesNotMatch(machine.said.join(), /geheim/);
    assert.equal(machine.read(list), "box,network.wifi_password\nabcd1234,\n");
    machine.boot();
    assert.equal(joinsWith(), "geheim456");
  });

  it("keeps what it has when the file is edited without it, takes a new one, and needs one for another Wi-Fi", () => {
    machine.card(network("School", "geheim123")).boot();
    machine.card(`room = 5\n${machine.read(card)}`).boot();
    assert.equal(joinsWith(), "geheim123");
    machine.today = "1970-01-01";
    machine.card(network("School", "another1")).boot();
    assert.equal(joinsWith(), "another1");
    assert.match(machine.read(card) ?? "", /^# wifi_password = moved into the box # ask the office$/m);
    machine.card('[network]\nwifi_name = "Else"\n').boot();
    assert.equal(machine.report()?.problems[0]?.key, "network.wifi_password");
    assert.equal(joinsWith(), "another1");
  });

  it("takes other boxes' secrets off the card, too, wherever they are written", () => {
    machine
      .card(
        `network = { wifi_name = "S", wifi_password = "geheim001" }
[box]
abcd1234 = { network.wifi_password = "geheim002", room = "x" }
ffff0001 = { network.wifi_password = "geheim003" }
ffff0002 = { room = 1, network = { wifi_password = "geheim004", wifi_country = "DE" }, wireguard.private_key = "${wireguardKey}" }
[box.ffff0003.network]
wifi_password = "geheim005"
[box.ffff0004]
"network" . 'wifi_password' = """geheim\\u0030\\
  06"""
`,
        `box;room;network.wifi_password\nffff0005;"a;""b""";geheim007\nffff0006;c;\n`,
      )
      .boot();
    assert.equal(secrets()?.wifi?.password, "geheim002");
    const moved = "moved into the box on 2026-11-26";
    assert.equal(
      machine.read(card),
      `# wifi_password = ${moved}
network = { wifi_name = "S" }
[box]
# wifi_password = ${moved}
abcd1234 = { room = "x" }
# wifi_password = ${moved}
ffff0001 = {  }
# wifi_password = ${moved}
# private_key = ${moved}
ffff0002 = { room = 1, network = { wifi_country = "DE" } }
[box.ffff0003.network]
# wifi_password = ${moved}
[box.ffff0004]
# wifi_password = ${moved}
`,
    );
    assert.equal(machine.read(list), 'box;room;network.wifi_password\nffff0005;"a;""b""";\nffff0006;c;\n');
    machine.boot();
    assert.deepEqual([machine.report(), secrets()?.wifi?.password], [null, "geheim002"]);
  });

  it("goes on with what was good, and hands on what is wrong", () => {
    machine.card(`room = "Aula"\n${network("School", "geheim123")}`).boot();
    machine.card('room = "Gym"\n[audio]\nperiod = 9\n').boot();
    assert.equal(machine.read("etc/hostname"), "plugjam-aula\n");
    assert.equal(joinsWith(), "geheim123");
    const report = machine.report();
    assert.equal(report?.instead, "last-good");
    assert.deepEqual(
      report?.problems.map(({ where, key, what }) => [where, key, what]),
      [["plugjam.toml:3", "audio.period", "cannot be 9"]],
    );
    assert.match(
      machine.said.join("\n"),
      /^plugjam\.toml:3: audio\.period: cannot be 9; .*\nSo the box starts with/,
    );
    machine.card('room = "Gym"\n').boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.report()], ["plugjam-gym\n", null]);
  });

  it("leaves the passwords of a bad file on the card, and keeps the good ones", () => {
    machine.card(network("School", "geheim123")).boot();
    const bad = `${network("Other", "geheim456")}nonsense = 1\n`;
    machine.card(bad).boot();
    assert.equal(machine.read(card), bad);
    assert.equal(joinsWith(), "geheim123");
    machine.card(bad.replace("nonsense = 1\n", "")).boot();
    assert.equal(joinsWith(), "geheim456");
  });

  const missing: [string, (machine: TestMachine) => unknown, string][] = [
    ["no file", () => {}, "plugjam.toml: is not on the card; allowed: a file of this name, not in a folder"],
    [
      "an ending too many",
      (on) => on.write(`${card}.txt`, ""),
      "plugjam.toml.txt: has one ending too many; allowed: plugjam.toml",
    ],
    [
      "a folder instead",
      (on) => on.write(`${card}/x`, ""),
      "plugjam.toml: cannot be read (EISDIR); allowed: a card that is whole",
    ],
    [
      "UTF-16",
      (on) => on.card(Buffer.from("\ufeffrole = 'box'", "utf16le")),
      "plugjam.toml:1: not UTF-8 text; allowed: a TOML file",
    ],
    [
      "another encoding",
      (on) => on.card(Buffer.from('# x\nroom = "Gr\xf6\xdfe"\n', "latin1")),
      "plugjam.toml:2: not UTF-8 text; allowed: a TOML file",
    ],
  ];
  for (const [what, prepare, line] of missing) {
    it(`starts a new box without settings where there is ${what}`, () => {
      prepare(machine);
      machine.boot();
      assert.deepEqual(machine.said, [line, "So the box starts without settings."]);
      assert.equal(machine.report()?.instead, "defaults");
      assert.equal(machine.read("etc/hostname"), "plugjam-1234\n");
      assert.equal(loadConfig(join(machine.root, "etc/plugjam/plugjam.toml"), []).ok, true);
    });
  }

  it("has no use for a damaged memory of its own", () => {
    machine.card(network("School", "geheim123")).boot();
    machine.write("data/secrets/card.json", '{"wifi":{"na');
    machine.write("data/provision/last-good.json", "null");
    machine.card('[network]\nwifi_name = "School"\n').boot();
    assert.match(
      machine.said.join("\n"),
      /card\.json is damaged: write the passwords into plugjam\.toml once more/,
    );
    assert.equal(machine.report()?.instead, "defaults");
    machine.card(network("School", "geheim123")).boot();
    assert.deepEqual([machine.report(), secrets()?.wifi?.password], [null, "geheim123"]);
  });

  it("takes keys away when the file no longer names them", () => {
    machine.card(`[ssh]\nkeys = "${sshKey}"\n[update]\nurl = "https://a.b/"\n`).boot();
    assert.deepEqual(
      [machine.read("etc/ssh/authorized_keys/root"), machine.read("data/provision/update-url")],
      [`${sshKey}\n`, "https://a.b/\n"],
    );
    machine.card("").boot();
    assert.deepEqual(
      [machine.read("etc/ssh/authorized_keys/root"), machine.read("data/provision/update-url")],
      [null, null],
    );
  });

  it("leaves passwords on the card where there is no data partition, or the card cannot be written", () => {
    const text = network("School", "geheim123");
    const without = new TestMachine(false);
    without.write("boot/firmware/this-box.txt", note);
    without.card(text).boot();
    assert.deepEqual([without.read(card), without.mounts], [text, []]);
    assert.match(without.read(wifi) ?? "", /psk=/);
    assert.match(without.said.join(), /Passwords stay on the card: there is no data partition/);
    without.end();
    machine.refusal = "write-protected";
    machine.card(text).boot();
    assert.deepEqual(
      [machine.read(card), machine.said],
      [text, ["The card cannot be written (write-protected), so what is on it stays, passwords too."]],
    );
  });

  it("writes the box's numbers onto the card, good or bad, once", () => {
    const other = new TestMachine();
    other.card("nonsense").boot();
    assert.deepEqual([other.read("boot/firmware/this-box.txt"), other.mounts], [note, ["rw,sync", "ro"]]);
    other.boot();
    assert.deepEqual(other.mounts, ["rw,sync", "ro"]);
    other.end();
  });

  it("leaves on the card the number of a network card that may turn up later", () => {
    rmSync(join(machine.root, "sys/class/net/end0"), { recursive: true });
    machine.card("").boot();
    assert.deepEqual([machine.read("boot/firmware/this-box.txt"), machine.mounts], [note, []]);
    machine.write("proc/device-tree/serial-number", "10000000abcd9999\0");
    machine.boot();
    assert.match(machine.read("boot/firmware/this-box.txt") ?? "", /^The box .* serial number abcd9999\./);
  });

  it("waits for a network card where the box has no other number", () => {
    rmSync(join(machine.root, "proc/device-tree"), { recursive: true });
    machine.card("").boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused], ["plugjam-3456\n", 0]);
    rmSync(join(machine.root, "sys/class/net/end0"), { recursive: true });
    machine.boot().boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused, machine.reads], ["plugjam\n", 100, 3]);
  });

  it("waits for network cards where boxes go by their MAC, and not for long", () => {
    machine.card('[box."b8:27:eb:12:34:56"]\nroom = 1\n').boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused], ["plugjam-1\n", 0]);
    machine.card('[box."b8:27:eb:ff:ff:ff"]\nroom = 1\n').boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused], ["plugjam-1234\n", 50]);
    machine.card('[box."abcd9999"]\nroom = 1\n').boot();
    assert.equal(machine.paused, 50);
    machine.card('[box."b8:27:eb:ff:ff:ff"]\nroom = 1\n[box."abcd1234"]\nroom = 2\n').boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused], ["plugjam-2\n", 50]);
  });

  it("waits longer while udev still loads drivers", () => {
    const device = "sys/class/net/end0/address";
    rmSync(join(machine.root, device));
    machine.write("run/udev/queue", "");
    machine.card('[box."b8:27:eb:12:34:56"]\nroom = 1\n');
    machine.onPause = (count) => {
      if (count === 200) machine.write(device, "b8:27:eb:12:34:56\n");
    };
    machine.boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused], ["plugjam-1\n", 200]);
    rmSync(join(machine.root, device));
    machine.onPause = (count) => {
      if (count === 300) rmSync(join(machine.root, "run/udev/queue"));
    };
    machine.boot();
    assert.deepEqual([machine.read("etc/hostname"), machine.paused], ["plugjam-1234\n", 350 - 1]);
    machine.write("run/udev/queue", "");
    machine.boot();
    assert.equal(machine.paused, 350 - 1 + 300);
  });

  it("knows a Pi's MAC before its driver does", () => {
    machine.write("proc/device-tree/aliases/ethernet0", "/scb/ethernet@7d580000\0");
    machine.write(
      "proc/device-tree/scb/ethernet@7d580000/local-mac-address",
      Buffer.from("dca632000001", "hex"),
    );
    machine.card('[box."DC:A6:32:00:00:01"]\nroom = 8\n').boot();
    assert.equal(machine.read("etc/hostname"), "plugjam-8\n");
  });

  it("has old or new after a power cut between any two steps, and the same in the end", () => {
    const first = network("School", "geheim123");
    const second = `room = 2\n${network("Other", "geheim456")}${tunnel}[update]\nurl = "https://a.b/"\n`;
    const rows = "box,network.wifi_password\nabcd1234,geheim789\nffff5678,geheim000\n";
    const goal = new TestMachine();
    goal.card(first).boot();
    goal.card(second, rows).boot().boot();
    const state = (of: TestMachine) =>
      [
        card,
        list,
        "data/secrets/card.json",
        "data/provision/last-good.json",
        "data/provision/update-url",
        wifi,
        "etc/hostname",
      ].map((file) => of.read(file));
    const wanted = state(goal);
    goal.end();

    let cuts = 0;
    for (let call = 1; ; call++) {
      const cut = new TestMachine();
      cut.card(first).boot();
      cut.card(second, rows);
      const wasCut = cut.bootUntil(call);
      if (wasCut) cuts++;
      // Each secret is in the box, or still on the card; never neither.
      const [onCard, inList, inBox] = [
        cut.read(card) ?? "",
        cut.read(list) ?? "",
        cut.read("data/secrets/card.json") ?? "",
      ];
      assert(parseSecrets(inBox) !== null, `half of the secrets after ${call} calls`);
      assert(onCard.includes(wireguardKey) || inBox.includes(wireguardKey), `no key after ${call} calls`);
      assert(inList.includes("geheim789") || inBox.includes("geheim789"), `no password after ${call} calls`);
      assert([second, wanted[0]].includes(onCard), `half a card after ${call} calls`);
      assert([rows, wanted[1]].includes(inList), `half a list after ${call} calls`);
      // It may well be cut again while it mends.
      cut.bootUntil(1 + (call % 17));
      assert.deepEqual(state(cut.boot()), wanted, `after ${call} calls`);
      assert.equal(cut.report(), null);
      cut.end();
      if (!wasCut) break;
    }
    assert(cuts > 60, `only ${cuts} places to cut`);
  });
});
