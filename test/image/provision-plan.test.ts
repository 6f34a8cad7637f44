// From the card's files to what a box is to be: good ones, bad ones with their lines, and one file for a whole school.

import assert from "node:assert/strict";
import { check } from "../../image/provision/check.js";
import { hostName } from "../../image/provision/host-name.js";
import { boxId, type Identity } from "../../image/provision/identity.js";
import { type Plan, plan } from "../../image/provision/plan.js";
import { noSecrets, type Secrets } from "../../image/provision/secrets.js";
import { formatProblem } from "../../src/config/problem.js";
import { example, peerKey, sshKey, updateKey, wholeExample, wireguardKey } from "./provision-example.js";

const identity: Identity = { serial: "abcd1234", macs: ["b827eb123456"] };
interface Given {
  readonly csv?: string;
  readonly secrets?: Secrets;
  readonly identity?: Identity;
}

function planned(toml: string, given: Given = {}): Plan {
  const box = { identity, secrets: noSecrets, today: "2026-11-26", ...given };
  const result = plan({ toml, csv: given.csv ?? null }, box);
  if (!result.ok) assert.fail(result.problems.map(formatProblem).join("\n"));
  return result.plan;
}

function problems(toml: string, given: Given = {}): string[] {
  const box = { identity, secrets: noSecrets, today: null, ...given };
  const result = plan({ toml, csv: given.csv ?? null }, box);
  assert(!result.ok, "this file is wrong, but was taken");
  return result.problems.map(formatProblem);
}

function output(toml: string, path: string, given: Given = {}): string | null {
  const found = planned(toml, given).outputs.find((one) => one.path === path);
  assert(found, `no ${path}`);
  return found.contents;
}

describe("provisioning: a plan", () => {
  it("of an empty file is a box that lets nobody in and calls nobody", () => {
    const { hostName, outputs, secrets, card } = planned("");
    assert.equal(hostName, "plugjam-1234");
    assert.deepEqual(
      outputs.flatMap(({ path, contents }) => (contents === null ? [] : [path])),
      ["etc/plugjam/plugjam.toml", "etc/hostname", "etc/hosts", "etc/nftables.d/plugjam.nft"],
    );
    assert.doesNotMatch(output("", "etc/nftables.d/plugjam.nft") ?? "", /^add/m);
    assert.deepEqual([secrets, card], [noSecrets, { toml: "", csv: null }]);
  });

  it("of the card's own example is that, too; and so it is where every key of it counts", () => {
    assert.deepEqual(planned(example).outputs, planned("").outputs);
    const result = check({ toml: wholeExample, csv: null });
    assert.deepEqual(result.problems.map(formatProblem), []);
    assert.deepEqual(
      result.boxes.map(({ hostName, role }) => [hostName, role]),
      [
        ["plugjam-12", "box"],
        ["plugjam-aula", "hub"],
        ["plugjam-12-XXXX", "box"],
      ],
    );
  });

  it("hands the product its own keys as they were written, and no others", () => {
    const toml = `room = 7
role = "both"
[profile]
name = 'Say "hi" \\\\'
[[server]]
name = "Ü"
address = "a.b"
[[server]]
address = "c.d:1"
[network]
time_server = "ntp.lan"
`;
    assert.equal(
      output(toml, "etc/plugjam/plugjam.toml"),
      `# Made from plugjam.toml on the card, at each boot.
role = "both"
profile = { name = "Say \\"hi\\" \\\\\\\\" }
server = [{ name = "Ü", address = "a.b" }, { address = "c.d:1" }]
`,
    );
  });

  it("joins a Wi-Fi with its password, or the one the box keeps, as the standard derives its key", () => {
    const file = "etc/wpa_supplicant/plugjam.conf";
    const wifi = (ssid: string, ...keys: readonly string[]) =>
      [
        "country=DE",
        "network={",
        `\tssid=${ssid}`,
        "\tscan_ssid=1",
        ...keys.map((key) => `\t${key}`),
        "}",
        "",
      ].join("\n");
    const more = ["key_mgmt=WPA-PSK WPA-PSK-SHA256 SAE", "ieee80211w=1"];
    const named = (name: string) => `[network]\nwifi_name = "${name}"\nwifi_country = "de"\n`;
    // IEEE 802.11, annex J.4.
    const psk = "psk=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e";
    const expected = wifi("49454545", psk, "sae_password=70617373776f7264", ...more);
    assert.equal(output(`${named("IEEE")}wifi_password = "password"`, file), expected);
    const secrets = { ...noSecrets, wifi: { name: "IEEE", password: "password" } };
    assert.equal(output(named("IEEE"), file, { secrets }), expected);
    assert.equal(
      planned(`${named("IEEE")}wifi_password = "new one!"`, { secrets }).secrets.wifi?.password,
      "new one!",
    );
    assert.deepEqual(planned("", { secrets }).secrets, secrets);
    const key = "0F".repeat(32);
    assert.equal(
      output(`${named("Café")}wifi_password = "${key}"`, file),
      wifi("436166c3a9", `psk=${key}`, ...more),
    );
    assert.equal(output(`${named("Café")}wifi_open = true`, file), wifi("436166c3a9", "key_mgmt=NONE"));
  });

  it("opens exactly the ports that something listens on", () => {
    const rules = (toml: string) =>
      (output(toml, "etc/nftables.d/plugjam.nft") ?? "")
        .split("\n")
        .flatMap((line) => /configured (.*) accept/.exec(line)?.[1] ?? []);
    assert.deepEqual(rules('role = "box"\n[hub]\nlisten = "0.0.0.0:1000"'), []);
    assert.deepEqual(rules('role = "hub"'), ["udp dport 22124"]);
    assert.deepEqual(rules('role = "both"\n[hub]\nlisten = "[::]:1000"'), ["udp dport 1000"]);
    assert.deepEqual(rules('role = "hub"\n[hub]\nlisten = "127.0.0.1:1000"'), []);
    assert.deepEqual(rules(`[ssh]\nkeys = "${sshKey}"`), ["tcp dport 22"]);
  });

  it("gives a fixed address to the Wi-Fi, or where there is none to the cable; the time server to both", () => {
    const [wired, wifi] = [
      "etc/systemd/network/40-plugjam-wired.network",
      "etc/systemd/network/40-plugjam-wifi.network",
    ];
    const fixed = '[network]\naddress = "192.168.1.20/24"\ngateway = "192.168.1.1"\ndns = "192.168.1.1"\n';
    assert.match(
      output(fixed, wired) ?? "",
      /^DHCP=no\nAddress=192.168.1.20\/24\nGateway=192.168.1.1\nDNS=192.168.1.1$/m,
    );
    assert.match(output(fixed, wifi) ?? "", /^DHCP=yes$/m);
    const withWifi = `${fixed}wifi_name = "x"\nwifi_open = true`;
    assert.match(output(withWifi, wired) ?? "", /^DHCP=yes$/m);
    assert.match(output(withWifi, wifi) ?? "", /^Address=/m);
    for (const file of [wired, wifi]) {
      const text = output('[network]\ntime_server = "ntp.lan"', file) ?? "";
      assert.match(text, /^NTP=ntp.lan$/m);
      assert.match(text, /^\[DHCPv4\]\nUseNTP=no$/m);
    }
  });

  it("puts the updater's and SSH's keys where they are looked for, and takes them away again", () => {
    const toml = `[ssh]\nkeys = ["${sshKey}"]\n[update]\nkeys = "${updateKey}"\nurl = "https://u.lan/x"\n`;
    assert.equal(output(toml, "etc/ssh/authorized_keys/root"), `${sshKey}\n`);
    assert.equal(output(toml, "data/provision/update-keys"), `${updateKey}\n`);
    assert.equal(output(toml, "data/provision/update-url"), "https://u.lan/x\n");
    assert.equal(output("", "data/provision/update-keys"), null);
  });

  const bad: [string, string, ...string[]][] = [
    ["grammar", "role = 'box'\nroom = '1\n", "plugjam.toml:2: not TOML: unterminated string"],
    [
      "a key",
      "[network]\nwifi_nam = 1\n",
      "plugjam.toml:2: network.wifi_nam: no such key, did you mean wifi_name?",
    ],
    ["a table", "[netwrk]\n", "plugjam.toml:1: netwrk: no such key, did you mean network?"],
    ["a product's key", "[audio]\nperiod = 9\n", "plugjam.toml:2: audio.period: cannot be 9"],
    ["a table that is none", "network = 1\n", "plugjam.toml:1: network: cannot be 1; allowed: a table"],
    ["a room", "room = []\n", "plugjam.toml:1: room: cannot be []"],
    [
      "a Wi-Fi without its password",
      '[network]\n\nwifi_name = "x"\n',
      "plugjam.toml:3: network.wifi_password: is missing, and the box has none for this Wi-Fi; allowed: its password, or wifi_open = true",
    ],
    [
      "a password without its Wi-Fi",
      '[network]\nwifi_password = "12345678"\n',
      "plugjam.toml:2: network.wifi_password: has no Wi-Fi it is for",
    ],
    [
      "an open Wi-Fi with a password",
      '[network]\nwifi_name = "x"\nwifi_password = "12345678"\nwifi_open = true\n',
      "plugjam.toml:4: network.wifi_open: cannot be true with wifi_password",
    ],
    [
      "a short password, unshown",
      '[network]\nwifi_name = "x"\nwifi_password = "geheim"\n',
      "plugjam.toml:3: network.wifi_password: cannot be this; allowed: 8 to 63",
    ],
    [
      "an address without bits",
      '[network]\naddress = "192.168.1.20"\n',
      'plugjam.toml:2: network.address: cannot be "192.168.1.20"; allowed: "address/bits"',
    ],
    [
      "a gateway alone",
      '[network]\ngateway = "192.168.1.1"\n',
      "plugjam.toml:2: network.gateway: has no address",
    ],
    [
      "a gateway of another kind",
      '[network]\naddress = "10.0.0.2/24"\ngateway = "fe80::1"\n',
      "plugjam.toml:3: network.gateway: is of another kind",
    ],
    [
      "a time server",
      '[network]\ntime_server = "a b"\n',
      'plugjam.toml:2: network.time_server: cannot be "a b"',
    ],
    [
      "a private SSH key",
      '[ssh]\nkeys = "-----BEGIN OPENSSH PRIVATE KEY-----"\n',
      "plugjam.toml:2: ssh.keys: cannot be",
    ],
    ["an SSH key with a command", `[ssh]\nkeys = ['command="x" ${sshKey}']\n`, "plugjam.toml:2: ssh.keys"],
    ["an update key", '[update]\nkeys = ["plugjam-key:AAAA"]\n', "plugjam.toml:2: update.keys"],
    ["an update URL", '[update]\nurl = "file:///x"\n', 'plugjam.toml:2: update.url: cannot be "file:///x"'],
    [
      "a tunnel without its end",
      `[wireguard]\naddress = "10.8.0.2/24"\n`,
      "plugjam.toml:1: wireguard.public_key: is missing",
      "plugjam.toml:1: wireguard.endpoint: is missing",
      "plugjam.toml:1: wireguard.allowed_ips: is missing",
    ],
    [
      "a tunnel without its key",
      tunnel(""),
      "plugjam.toml:1: wireguard.private_key: is missing, and the box has none",
    ],
    [
      "a tunnel for everything",
      tunnel(`private_key = "${wireguardKey}"`).replace("10.8.0.0/24", "0.0.0.0/0"),
      "plugjam.toml:5: wireguard.allowed_ips: cannot be the whole internet",
    ],
    [
      "a folder that does not last",
      '[hub]\nrecord_dir = "/srv"\n',
      'plugjam.toml:2: hub.record_dir: cannot be kept there; allowed: "/var/lib/plugjam/recordings"',
    ],
    ["boxes that are no tables", "box = 3\n", "plugjam.toml:1: box: is no table"],
    [
      "a box that is no table",
      'role = "box"\nbox.abcd1234 = 3\n',
      "plugjam.toml:2: box.abcd1234: is no table",
    ],
    [
      "a box that is none",
      '[box."Room 7"]\n',
      'plugjam.toml:1: box: "Room 7" is no box; allowed: a serial number',
    ],
    [
      "a mistake in this box's entry",
      '[profile]\nname = "x"\n[box.abcd1234]\nprofile.nme = "y"\n',
      "plugjam.toml:4: profile.nme: no such key, did you mean name?",
    ],
    [
      "two entries for this box",
      '[box.abcd1234]\nroom = 1\n[box."B8-27-EB-12-34-56"]\nroom = 2\n',
      "plugjam.toml:3: B8-27-EB-12-34-56 has an entry already, at plugjam.toml:1; allowed: one entry for a box",
    ],
  ];
  for (const [what, toml, ...expected] of bad) {
    it(`knows the line of ${what}`, () => {
      const found = problems(toml);
      assert.equal(found.length, expected.length, found.join("\n"));
      found.forEach((line, index) => {
        assert(line.startsWith(expected[index]!), line);
        assert(!line.includes("geheim"));
      });
    });
  }

  function tunnel(more: string): string {
    return `[wireguard]
address = ["10.8.0.2/24", "fd00::2/64"]
public_key = "${peerKey}"
endpoint = "vpn.example.org:51820"
allowed_ips = ["10.8.0.0/24"]
${more}
`;
  }
});

describe("provisioning: one file for a school", () => {
  const school = (id: string) => `room = "Common"
[profile]
name = "Box"
city = "Ulm"
[[server]]
address = "common.lan"
[network]
time_server = "ntp.lan"
[box."${id}"]
room = "Aula"
profile.name = "Aula"
[[box."${id}".server]]
address = "own.lan"
[box."ffffffffffff"]
audio.period = "this is wrong, but another box's"
`;

  const spellings = [
    "abcd1234",
    "ABCD1234",
    "10000000abcd1234",
    "00000000ABCD1234",
    "0x10000000abcd1234",
    "b8:27:eb:12:34:56",
    "B8-27-EB-12-34-56",
    "b827eb123456",
    "B827.EB12.3456",
  ];
  for (const id of spellings) {
    it(`finds this box by ${id}`, () => {
      assert.equal(planned(school(id)).hostName, "plugjam-aula");
      assert.equal(
        output(school(id), "etc/plugjam/plugjam.toml")?.split("\n").slice(1).join("\n"),
        'profile = { name = "Aula", city = "Ulm" }\nserver = [{ address = "own.lan" }]\n',
      );
      const csv = `box,room\n${id},From the list\n`;
      assert.equal(planned("room = 1", { csv }).hostName, "plugjam-from-the-list");
    });
  }

  it("has the common settings for a box without an entry", () => {
    const toml = school("1234567812345678");
    // The entry that has no room of its own is in the common one, too.
    assert.equal(planned(toml).hostName, "plugjam-common-1234");
    assert.match(output(toml, "etc/plugjam/plugjam.toml") ?? "", /common\.lan/);
  });

  it("takes no number of another length for a box", () => {
    for (const id of ["abcd123", "abcd12345", "gbcd1234", "", "1"]) assert.equal(boxId(id), null, id);
    assert.equal(boxId("12345678abcd1234"), "12345678abcd1234");
  });

  it("reads a list as spreadsheets of different countries write it", () => {
    const values =
      'box,room,profile.name,server.0.address,audio.periods,hub.small_blocks\nabcd1234,"Mus""ik, 1",7,a.b,3,false\n';
    const semicolons =
      '\ufeffbox;room;profile.name;server.0.address;audio.periods;hub.small_blocks\r\nabcd1234;"Mus""ik, 1";7;a.b;3;false\r\n';
    const tabs = values.replace('"Mus""ik, 1"', '"Mus""ik| 1"').replaceAll(",", "\t");
    for (const csv of [values, semicolons, tabs]) {
      const made = planned('[profile]\ncity = "Ulm"', { csv });
      assert.equal(made.hostName, "plugjam-mus-ik-1");
      assert.equal(
        made.outputs[0]?.contents?.split("\n").slice(1).join("\n"),
        'profile = { city = "Ulm", name = "7" }\nserver = [{ address = "a.b" }]\naudio = { periods = 3 }\nhub = { small_blocks = false }\n',
      );
    }
  });

  const badLists: [string, string, string][] = [
    ["an empty file", "", "boxes.csv:1: is empty"],
    [
      "a column",
      "box,profile.nam\nabcd1234,x\n",
      "boxes.csv:1: profile.nam: no such key, did you mean profile.name?",
    ],
    ["a column of a plain key", "box,room.x\nabcd1234,x\n", "boxes.csv:1: room.x: no such key"],
    ["a column of a table", "box,profile\nabcd1234,x\n", "boxes.csv:1: profile: no such key"],
    ["a cell too many", "box,room\nffffffff,1\nabcd1234,x,y\n", "boxes.csv:3: has 3 columns; allowed: 2"],
    ["an open quotation", 'box,room\nabcd1234,"x\n', "boxes.csv:2: a quotation mark"],
    ["a quotation amid a cell", 'box,room\n\nabcd1234,x"y\n', "boxes.csv:3: a quotation mark"],
    ["a box that is none", "box,room\nRoom 7,x\n", 'boxes.csv:2: "Room 7" is no box'],
    [
      "a value, after cells of two lines",
      'box,room,audio.period\nffffffff,"a\nb",\nabcd1234,x,9\n',
      "boxes.csv:4: audio.period: cannot be 9",
    ],
    [
      "a password, unshown",
      "box,network.wifi_name,network.wifi_password\nabcd1234,x,geheim\n",
      "boxes.csv:2: network.wifi_password: cannot be this",
    ],
    [
      "a server that is not there yet",
      "box,server.1.address\nabcd1234,x\n",
      "boxes.csv:2: server.1.address: there are only 0",
    ],
    ["another encoding", "box,room\nabcd1234,\ufffd\n", "boxes.csv:2: not UTF-8 text"],
    [
      "a box twice",
      "box,room\nabcd1234,1\n0x00000000ABCD1234,2\n",
      "boxes.csv:3: 0x00000000ABCD1234 has an entry already, at boxes.csv:2",
    ],
  ];
  for (const [what, csv, expected] of badLists) {
    it(`knows the line in a list of ${what}`, () => {
      const found = problems("", { csv });
      assert.equal(found.length, 1, found.join("\n"));
      assert(found[0]?.startsWith(expected), found[0]);
    });
  }

  it("finds in a table and in a list the entries of one box", () => {
    const [found] = problems("[box.abcd1234]\nroom = 1\n", { csv: "box,room\nabcd1234,1\n" });
    assert.match(found ?? "", /^boxes\.csv:2: abcd1234 has an entry already, at plugjam\.toml:1/);
  });

  it("ends names with the box's number where several boxes share a room, in tables and lists", () => {
    const toml = '[box.abcd1234]\nroom = "Aula"\n[box.ffff5678]\nprofile.name = "aula"\n';
    assert.equal(planned(toml).hostName, "plugjam-aula-1234");
    assert.equal(planned(toml, { identity: { serial: "ffff5678", macs: [] } }).hostName, "plugjam-aula-5678");
    assert.equal(planned(toml, { identity: { serial: "ffff0000", macs: [] } }).hostName, "plugjam-0000");
    assert.equal(
      planned("[box.abcd1234]\nroom = 9\n", { csv: "box,room\nffff5678,9\n" }).hostName,
      "plugjam-9-1234",
    );
  });

  const names: [string | null, string | null, string][] = [
    ["12", null, "plugjam-12"],
    ["Müßiggang", null, "plugjam-muessiggang"],
    ["  Große Aula  2. Stock ", null, "plugjam-grosse-aula-2-stock"],
    ["Café Œuvre Ñandú", null, "plugjam-cafe-oeuvre-nandu"],
    ["u\u0308ben", null, "plugjam-ueben"],
    ["Plugjam 3", null, "plugjam-3"],
    ["音楽室", "1234", "plugjam-1234"],
    ["../../x; rm", null, "plugjam-x-rm"],
    ["-", null, "plugjam"],
    [null, "1234", "plugjam-1234"],
    [null, null, "plugjam"],
    ["x".repeat(99), null, `plugjam-${"x".repeat(50)}`],
  ];
  for (const [room, ending, expected] of names) {
    it(`names a box in ${JSON.stringify(room)} ${expected}`, () =>
      assert.equal(hostName(room, ending), expected));
  }

  it("is checked for every box at a desk, each mistake told once", () => {
    const toml =
      '[audio]\nperiod = 9\n[box.abcd1234]\nroom = 1\n[box.ffff5678]\nrole = "x"\n[box.0xFFFF5678]\n';
    const { problems, boxes } = check({ toml, csv: "box,room\nABCD1234,1\n" });
    assert.deepEqual(boxes, []);
    assert.deepEqual(
      problems.map((problem) => formatProblem(problem).split(";")[0]),
      [
        "plugjam.toml:7: 0xFFFF5678 has an entry already, at plugjam.toml:5",
        "boxes.csv:2: ABCD1234 has an entry already, at plugjam.toml:3",
        "plugjam.toml:2: audio.period: cannot be 9",
        'plugjam.toml:6: role: cannot be "x"',
      ],
    );
    const good = check({
      toml: 'role = "hub"\n[box.abcd1234]\nroom = "A"\n',
      csv: "box,server.0.address\nffff5678,a.b\n",
    });
    assert.deepEqual(good, {
      problems: [],
      boxes: [
        { box: "abcd1234", hostName: "plugjam-a", role: "hub", server: "-" },
        { box: "ffff5678", hostName: "plugjam-5678", role: "hub", server: "a.b" },
        { box: "any other", hostName: "plugjam-XXXX", role: "hub", server: "-" },
      ],
    });
  });
});
