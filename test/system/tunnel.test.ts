// When the way to a server counts as encrypted: read from what `ip` and `wg` print, and proven by a tunnel of our own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { freshMs, isEncrypted, type Run } from "../../src/system/tunnel.js";

const now = 1_795_575_598_000;
const seconds = now / 1000;
const server = { address: "10.9.0.2", port: 22124 };
const throughTunnel = '[{"dst":"10.9.0.2","dev":"wg0","prefsrc":"10.9.0.1","flags":[],"uid":0,"cache":[]}]';
const one = "tjg9nfexDQgm6pyv5O+QfNkAynIBXto2lehvixDPgR4=";
const other = "sKRr0KdsUrnSU3anCPsyVpoab1ipnDrBfoZkUU+0hTk=";

/** What each command prints; null or left out: it fails. */
interface Printed {
  readonly route?: string | null;
  readonly allowed?: string | null;
  readonly handshakes?: string | null;
}

function playing(
  { route = null, allowed = null, handshakes = null }: Printed,
  mayAsk = true,
): Run & { asked: string[] } {
  const asked: string[] = [];
  const run = (...words: readonly string[]) => {
    asked.push(words.join(" "));
    if (words[0] === "ip") return Promise.resolve(route);
    if ((words[0] === "wg") !== mayAsk) return Promise.resolve(null);
    return Promise.resolve(words.at(-1)?.endsWith("allowed-ips") ? allowed : handshakes);
  };
  return Object.assign(run, { asked });
}

function judge(printed: Printed, address = server.address): Promise<boolean> {
  return isEncrypted({ ...server, address }, playing(printed), () => now);
}

const alive: Printed = {
  route: throughTunnel,
  allowed: `${one}\t10.9.0.2/32 fd00::2/128\n`,
  handshakes: `${one}\t${seconds - 40}\n`,
};

describe("the way to a server", () => {
  it("is encrypted through a tunnel whose last handshake is fresh", async () => {
    const run = playing(alive);
    assert.equal(await isEncrypted(server, run, () => now), true);
    assert.deepEqual(run.asked, [
      "ip -j route get 10.9.0.2 ipproto 17 dport 22124",
      "wg show wg0 allowed-ips",
      "wg show wg0 latest-handshakes",
    ]);
  });

  it("is asked of what root wrote down, where a box may not ask WireGuard", async () => {
    const run = playing(alive, false);
    assert.equal(await isEncrypted(server, run, () => now), true);
    assert.deepEqual(
      run.asked.filter((words) => words.startsWith("cat")),
      ["cat /run/plugjam-tunnel/wg0/allowed-ips", "cat /run/plugjam-tunnel/wg0/latest-handshakes"],
    );
    const old = { ...alive, handshakes: `${one}\t${seconds - freshMs / 1000 - 1}\n` };
    assert.equal(await isEncrypted(server, playing(old, false), () => now), false);
  });

  const ages: [string, number, boolean][] = [
    ["as old as keys may be", freshMs / 1000, true],
    ["a second older", freshMs / 1000 + 1, false],
    ["a moment ahead of our clock", -1, true],
    ["far ahead of our clock, which therefore is wrong", -60, false],
  ];
  for (const [age, agoSeconds, encrypted] of ages) {
    it(`${encrypted ? "is" : "is not"} encrypted where the handshake is ${age}`, async () => {
      assert.equal(await judge({ ...alive, handshakes: `${one}\t${seconds - agoSeconds}\n` }), encrypted);
    });
  }

  const unknown: [string, Printed][] = [
    ["there is no route", {}],
    ["the route's answer makes no sense", { ...alive, route: "dev wg0" }],
    ["the route names no device", { ...alive, route: '[{"dst":"10.9.0.2"}]' }],
    ["there are several routes", { ...alive, route: `[{"dev":"wg0"},{"dev":"eth0"}]` }],
    ["the device is no tunnel, or not ours to ask", { ...alive, allowed: null }],
    ["the tunnel has no peer", { ...alive, allowed: "", handshakes: "" }],
    ["no peer may have the address", { ...alive, allowed: `${one}\t10.9.1.0/24\n` }],
    ["its peer may have no address", { ...alive, allowed: `${one}\t(none)\n` }],
    ["there never was a handshake", { ...alive, handshakes: `${one}\t0\n` }],
    ["the handshakes are not told", { ...alive, handshakes: null }],
    ["the handshake is somebody else's", { ...alive, handshakes: `${other}\t${seconds}\n` }],
    ["the handshake's time makes no sense", { ...alive, handshakes: `${one}\tyesterday\n` }],
  ];
  for (const [why, printed] of unknown) {
    it(`is not encrypted where ${why}`, async () => {
      assert.equal(await judge(printed), false);
    });
  }

  it("ends at the peer with the longest prefix, whichever is named first", async () => {
    const allowed = [`${one}\t0.0.0.0/0 ::/0`, `${other}\t10.9.0.0/24 fd00::/64`, ""];
    const handshakes = `${one}\t${seconds}\n${other}\t0\n`;
    for (const lines of [allowed, [...allowed].reverse()]) {
      const printed = { ...alive, allowed: lines.join("\n"), handshakes };
      assert.equal(await judge(printed), false);
      assert.equal(await judge(printed, "fd00::2"), false);
      assert.equal(await judge(printed, "10.8.0.1"), true);
      assert.equal(await judge(printed, "2001:db8::1"), true);
    }
  });
});

const wanted = ["unshare", "ip", "wg", "wireguard-go"];
const lacking = wanted.filter(
  (command) =>
    !`${process.env.PATH}:/usr/sbin`.split(delimiter).some((folder) => existsSync(join(folder, command))),
);

/**
 * Two tunnels in user space that end at each other, in a network of their own; asked before and after a datagram. As on the
 * card's image, nobody knows protocols by their names.
 */
const tunnels = `
set -e
[ ! -e /etc/protocols ] || mount --bind /dev/null /etc/protocols
mkdir -p /var/run/wireguard && mount -t tmpfs none /var/run/wireguard
ip link set lo up
for end in a b; do
  WG_PROCESS_FOREGROUND=1 wireguard-go "plug-$end" >"$end.log" 2>&1 & started="$started $!"
  (umask 077; wg genkey >$end.key); wg pubkey <$end.key >$end.pub
done
trap 'kill $started' EXIT
for end in a b; do
  for try in $(seq 100); do ip link show "plug-$end" >/dev/null 2>&1 && wg show "plug-$end" >/dev/null 2>&1 && break; sleep 0.05; done
done
wg set plug-a listen-port 51001 private-key a.key peer "$(cat b.pub)" allowed-ips 10.9.0.0/24 endpoint 127.0.0.1:51002
wg set plug-b listen-port 51002 private-key b.key peer "$(cat a.pub)" allowed-ips 10.9.0.1/32 endpoint 127.0.0.1:51001
ip addr add 10.9.0.1/24 dev plug-a
ip link set plug-a up
ip link set plug-b up
"$NODE" --input-type=module -e "$ASK"
`;

/** Runs in that network. */
const ask = `
import { createSocket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
const { isEncrypted } = await import(process.env.TREE + "/dist/src/system/tunnel.js");
const { SideShell } = await import(process.env.TREE + "/dist/src/system/side-shell.js");
const shell = new SideShell();
const look = (address) => isEncrypted({ address, port: 22124 }, shell.run);
const before = await look("10.9.0.2");
const socket = createSocket("udp4");
let after = false;
for (let tries = 0; tries < 100 && !after; tries++) {
  socket.send("x", 22124, "10.9.0.2");
  await sleep(50);
  after = await look("10.9.0.2");
}
const beside = await look("127.0.0.1");
console.log(JSON.stringify({ before, after, beside }));
process.exit();
`;

describe("the way through a real tunnel", () => {
  const folder = mkdtempSync(join(tmpdir(), "plugjam-tunnel-"));
  after(() => rmSync(folder, { recursive: true }));

  it("is encrypted once there was a handshake, and not before", async function () {
    if (lacking.length > 0) return skip(this, `no ${lacking.join(", no ")}`);
    if (process.getuid?.() !== 0) return skip(this, "a network of one's own needs root");
    if (!existsSync("/dev/net/tun")) return skip(this, "no /dev/net/tun");
    const env = { ...process.env, NODE: process.execPath, TREE: process.cwd(), ASK: ask };
    const words = ["--net", "--mount", "sh", "-c", tunnels];
    const { stdout } = await promisify(execFile)("unshare", words, { cwd: folder, env, timeout: 15_000 });
    assert.deepEqual(JSON.parse(stdout), { before: false, after: true, beside: false });
  });
});

function skip(test: Mocha.Context, why: string): void {
  console.log(`      no tunnel to try: ${why}`);
  test.skip();
}
