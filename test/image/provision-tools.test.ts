// What provisioning writes, as those who read it see it: nftables with real packets, systemd-networkd, sshd, wpa_supplicant, WireGuard.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { peerKey, sshKey, wireguardKey } from "./provision-example.js";
import { TestMachine } from "./provision-machine.js";
import { unpacked } from "./unpacked.js";

const folders = `${process.env.PATH}:/usr/sbin:/sbin`;
const env = { ...process.env, PATH: folders, NODE: process.execPath };

/** Nobody should get an SSH server for running tests. */
const strangers = ["openssh-server", "wpasupplicant"];
const downloadMs = 300_000;

/** Skips the test, and says so, where a program or root is missing. */
function need(test: Mocha.Context, ...programs: readonly string[]): void {
  const isThere = (name: string) => folders.split(delimiter).some((folder) => existsSync(join(folder, name)));
  const missing = programs.filter((name) => (name.startsWith("/") ? !existsSync(name) : !isThere(name)));
  const why = missing.length > 0 ? `no ${missing.join(", no ")}` : "a network of one's own needs root";
  if (missing.length === 0 && process.getuid?.() === 0) return;
  console.log(`      not tried: ${why}`);
  test.skip();
}

/** In a network and a /run of its own; gives all that it printed. */
function isolated(
  script: string,
  more: Record<string, string> = {},
): { status: number | null; text: string } {
  const words = ["--net", "--mount", "sh", "-euc", `mount -t tmpfs none /run\n${script}`];
  const { status, stdout, stderr } = spawnSync("unshare", words, {
    encoding: "utf8",
    env: { ...env, ...more },
    timeout: 30_000,
  });
  return { status, text: stdout + stderr };
}

describe("what provisioning writes", () => {
  let machine: TestMachine;
  beforeEach(() => {
    machine = new TestMachine();
  });
  afterEach(() => machine.end());

  /** The machine's own files over those of the image. */
  const boot = (toml: string) => {
    machine.card(toml).boot();
    assert.deepEqual(machine.report(), null);
    cpSync("image/rootfs/etc", join(machine.root, "etc"), { recursive: true, verbatimSymlinks: true });
    const rules = join(machine.root, "etc/nftables.conf");
    writeFileSync(
      rules,
      readFileSync(rules, "utf8").replace("/etc/nftables.d/", `${machine.root}/etc/nftables.d/`),
    );
  };

  /** What comes in from another machine: of a UDP port an answer, of a TCP port a connection. */
  function arriving(): string[] {
    const { status, text } = isolated(
      `
mkdir /run/netns
ip netns add other
ip link add box0 type veth peer name box1
ip link set box1 netns other
ip link set lo up
ip addr add 10.77.0.1/24 dev box0
ip link set box0 up
ip netns exec other ip link set lo up
ip netns exec other ip addr add 10.77.0.2/24 dev box1
ip netns exec other ip link set box1 up
ip netns exec other ip route add 224.0.0.0/4 dev box1
nft -f "$RULES"
"$NODE" --input-type=module -e "$LISTEN" &
listener=$!
trap 'kill $listener' EXIT
ip netns exec other "$NODE" --input-type=module -e "$KNOCK"
`,
      { RULES: join(machine.root, "etc/nftables.conf"), LISTEN: listen, KNOCK: knock },
    );
    assert.equal(status, 0, text);
    return text.trim().split("\n").sort();
  }

  const always = ["mdns", "own question"];
  const doors: [string, string, string[]][] = [
    ["a box", "", []],
    ["a hub", 'role = "hub"', ["udp 22124"]],
    ["a box with an SSH key", `[ssh]\nkeys = "${sshKey}"`, ["tcp 22"]],
  ];
  for (const [what, toml, open] of doors) {
    it(`lets in to ${what} only ${["what it asked for", ...open].join(" and ")}`, function () {
      need(this, "unshare", "ip", "nft");
      boot(toml);
      assert.deepEqual(arriving(), [...always, ...open].sort());
    });
  }

  it("lets nobody in by itself, where provisioning never ran", function () {
    need(this, "unshare", "ip", "nft");
    boot('role = "hub"');
    writeFileSync(join(machine.root, "etc/nftables.d/plugjam.nft"), "");
    assert.deepEqual(arriving(), always);
  });

  it("is taken by systemd-networkd without a word", function () {
    need(this, "unshare", "/lib/systemd/systemd-networkd");
    boot(`[network]
wifi_name = "x"
wifi_open = true
address = "192.168.1.20/24"
gateway = "192.168.1.1"
dns = ["192.168.1.1", "fd00::1"]
time_server = "ntp.lan"
[wireguard]
address = ["10.8.0.2/24", "fd00:8::2/64"]
private_key = "${wireguardKey}"
public_key = "${peerKey}"
endpoint = "[fd00::9]:51820"
allowed_ips = ["10.8.0.0/24", "fd00:8::/64"]
`);
    const folder = join(machine.root, "etc/systemd/network");
    assert.equal(readdirSync(folder).length, 4);
    const read = () =>
      isolated(
        `mkdir -p /etc/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
mount --bind "$FOLDER" /etc/systemd/network
SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=info /lib/systemd/systemd-networkd >/run/log 2>&1 & networkd=$!
for try in $(seq 300); do if grep -q "Enumeration completed" /run/log; then break; fi; sleep 0.05; done
kill $networkd
cat /run/log`,
        { FOLDER: folder },
      ).text.split("\n");
    const complaints = (lines: readonly string[]) => lines.filter((line) => line.includes("40-plugjam"));
    const lines = read();
    assert(
      lines.some((line) => line.includes("Enumeration completed")),
      lines.join("\n"),
    );
    assert.deepEqual(complaints(lines), []);
    // It does say so if it does not understand something.
    const tunnel = join(folder, "40-plugjam-tunnel.netdev");
    writeFileSync(
      tunnel,
      readFileSync(tunnel, "utf8").replace("PersistentKeepalive=25", "PersistentKeepalive=often"),
    );
    assert.equal(complaints(read()).length, 1);
  });

  it("is taken by sshd, which then knows of no password", async function () {
    need(this, "unshare", "ssh-keygen", "apt-get");
    this.timeout(downloadMs);
    boot(`[ssh]\nkeys = "${sshKey}"\n`);
    const key = join(machine.root, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const file = join(machine.root, "etc/ssh/sshd_config.d/plugjam.conf");
    writeFileSync(file, readFileSync(file, "utf8").replace("/data/ssh/ssh_host_ed25519_key", key));
    const { program, env: libraries } = await unpacked(strangers);
    // It wants a user of its own.
    const { status, text } = isolated(
      `cp /etc/passwd /run/passwd
echo 'sshd:x:999:65534::/run/sshd:/usr/sbin/nologin' >>/run/passwd
mount --bind /run/passwd /etc/passwd
mkdir /run/sshd
"$SSHD" -T -f "$FILE"`,
      { ...libraries, SSHD: program("sshd"), FILE: file },
    );
    assert.equal(status, 0, text);
    for (const line of [
      "passwordauthentication no",
      "kbdinteractiveauthentication no",
      "permitrootlogin without-password",
      "allowusers root",
      "authenticationmethods publickey",
    ]) {
      assert(text.includes(`\n${line}\n`), `${line} is not in\n${text}`);
    }
  });

  it("is taken by wpa_supplicant", async function () {
    need(this, "unshare", "apt-get");
    this.timeout(downloadMs);
    boot(`[network]\nwifi_name = 'é"'\nwifi_password = 'a"b # \\cd"'\nwifi_country = "DE"\n`);
    const { program, env: libraries } = await unpacked(strangers);
    const { text } = isolated('timeout 1 "$WPA" -c "$FILE" -i lo -D wired -dd || true', {
      ...libraries,
      WPA: program("wpa_supplicant"),
      FILE: join(machine.root, "etc/wpa_supplicant/plugjam.conf"),
    });
    assert.match(text, /^ {3}id=0 ssid='\\xc3\\xa9/m);
    assert.doesNotMatch(text, /Failed to (?:read|add)/);
  });

  it("names units, and what they do, as systemd likes it", function () {
    need(this, "systemd-analyze");
    const units = ["plugjam-provision", "plugjam-tunnel"].map(
      (name) => `image/rootfs/usr/lib/systemd/system/${name}.service`,
    );
    const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...units], {
      encoding: "utf8",
      env,
    });
    const said = (stdout + stderr).split("\n").filter((line) => line.includes("plugjam"));
    // Programs of the box are not on this machine.
    assert.deepEqual(
      said.filter((line) => !/is not executable: No such file/.test(line)),
      [],
    );
  });

  it("has the tunnel's state where a box may read it, for as long as there is a tunnel", function () {
    need(this, "unshare", "ip", "wg", "wireguard-go", "/dev/net/tun");
    const { status, text } = isolated(`
mkdir -p /run/wireguard /var/run/wireguard
WG_PROCESS_FOREGROUND=1 wireguard-go wg0 >/dev/null 2>&1 & tunnel=$!
sh image/rootfs/usr/libexec/plugjam-tunnel 0.1 & publisher=$!
trap 'kill $tunnel $publisher 2>/dev/null || true' EXIT
await() { for try in $(seq 300); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.05; done; echo "in vain: $*"; exit 1; }
await wg show wg0
wg set wg0 peer ${peerKey} allowed-ips 10.8.0.0/24
await grep -q 10.8.0.0/24 /run/plugjam-tunnel/wg0/allowed-ips
await grep -q ${peerKey} /run/plugjam-tunnel/wg0/latest-handshakes
cat /run/plugjam-tunnel/wg0/*
kill $tunnel
await test ! -e /run/plugjam-tunnel/wg0/latest-handshakes
`);
    assert.equal(status, 0, text);
    assert.equal(text, `${peerKey}\t10.8.0.0/24\n${peerKey}\t0\n`);
  });
});

/** On the box: answers whoever reaches it, and asks the other machine something by itself. */
const listen = `
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
for (const port of [22124, 5555]) {
  const socket = createSocket("udp4");
  socket.on("message", (_, from) => socket.send("udp " + port, from.port, from.address));
  socket.bind(port);
}
const named = createSocket({ type: "udp4", reuseAddr: true });
named.on("message", (_, from) => out.send("mdns", 7000, "10.77.0.2"));
named.bind(5353, () => named.addMembership("224.0.0.251", "10.77.0.1"));
for (const port of [22, 80]) createServer((socket) => socket.end()).on("error", () => {}).listen(port);
const out = createSocket("udp4");
out.on("message", () => out.send("own question", 7000, "10.77.0.2"));
setInterval(() => out.send("?", 7001, "10.77.0.2"), 50);
`;

/** On the other machine: prints once each what the box lets through. Ends a while after it has heard the last new thing. */
const knock = `
import { createSocket } from "node:dgram";
import { connect } from "node:net";
const heard = new Set();
let quiet;
function hear(what) {
  if (heard.has(what)) return;
  heard.add(what);
  console.log(what);
  clearTimeout(quiet);
  if (heard.has("mdns") && heard.has("own question")) quiet = setTimeout(() => process.exit(), 700);
}
const results = createSocket("udp4");
results.on("message", (text) => hear(String(text)));
results.bind(7000);
const answers = createSocket("udp4");
answers.on("message", (_, from) => answers.send("!", from.port, from.address));
answers.bind(7001);
const socket = createSocket("udp4");
socket.on("message", (text) => hear(String(text)));
setInterval(() => {
  for (const port of [22124, 5555]) socket.send("x", port, "10.77.0.1");
  socket.send("x", 5353, "224.0.0.251");
}, 50);
for (const port of [22, 80]) {
  const knocking = () => connect(port, "10.77.0.1").on("connect", () => hear("tcp " + port)).on("error", () => setTimeout(knocking, 50));
  knocking();
}
setTimeout(() => process.exit(1), 20000);
`;
