// What the image sends into the network, packet by packet: nothing that nobody asked for, its name, and with a tunnel nothing beside that.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../../src/core/status.js";
import { host, TestNetwork } from "../../support/network.js";
import { launch, stopAllProcesses } from "../../support/process.js";
import { until } from "../../support/until.js";
import { CardBox } from "../emulator/image.js";
import { Machine, serialNumber } from "../emulator/machine.js";
import type { Shell } from "../emulator/shell.js";

const mac = "52:54:00:12:34:56";
/** In the guest, from QEMU. */
const ownAddress = "10.0.2.15";
const boxInTunnel = "10.8.0.2";
const serverInTunnel = "10.8.0.1";
const tunnelPort = 51820;
const serverPort = 22124;
/** How long a box is watched that has nothing to do. */
const idleMs = 180_000;
const patience = { deadlineMs: 300_000, everyMs: 2_000 };

/** Finding one's address and one's neighbours, and telling one's name to them: none of it leaves the building. */
const atHome = [
  "arp",
  "igmp",
  "icmp6",
  "(ip6 dst net ff02::/16 and not udp)",
  "udp dst port 67",
  "(ip6 dst net ff02::/16 and udp dst port 547)",
  "((dst host 224.0.0.251 or dst host ff02::fb) and udp dst port 5353)",
].join(" or ");

describe("image, in the network", function () {
  this.timeout(30 * 60_000);
  const cards = new CardBox();
  const folder = mkdtempSync(path.join(tmpdir(), "plugjam-traffic-"));
  const traffic = path.join(folder, "traffic.pcap");
  const watched = ["-object", `filter-dump,id=traffic,netdev=net0,file=${traffic}`];
  /** An emulated box on a busy machine is late for its watchdog, which is no fault of its network. */
  const append = "systemd.service_watchdogs=0";
  let network: TestNetwork | null = null;
  afterEach(async () => {
    await stopAllProcesses();
    network?.close();
    network = null;
  });
  after(() => {
    cards.remove();
    rmSync(folder, { recursive: true });
  });

  /** What the box sent of that kind, in tcpdump's words, a packet each. */
  function sent(kind: string): string[] {
    const words = ["-nn", "-v", "-r", traffic, `ether src ${mac} and (${kind})`];
    const text = execFileSync("tcpdump", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    // A packet's further lines are indented.
    return text.split(/\n(?!\s)/).filter((packet) => packet !== "");
  }

  it("calls nobody, and tells its neighbours its name", async () => {
    const machine = Machine.boot({ card: cards.written(), args: watched, append });
    await machine.ready();
    const shell = await machine.shell();
    await shell.output("systemctl is-system-running --wait");
    await sleep(idleMs);
    assert.notEqual(sent("udp dst port 67").length, 0, "it did not even ask for an address");
    assert.deepEqual(sent(`not (${atHome})`), []);
    const name = `plugjam-${serialNumber.slice(-4)}`;
    const record = new RegExp(`\\b${name}\\.local\\. \\(Cache flush\\) A ${ownAddress}\\b`);
    assert.match(sent("udp dst port 5353").join("\n"), record);
  });

  it("plays through its tunnel, takes it for encrypted while that lives, and sends nothing beside it", async function () {
    network = await TestNetwork.create();
    if (network === null) {
      console.log("      no network of one's own: it needs root");
      return this.skip();
    }
    const [boxKey, peerKey] = [newKey(), newKey()];
    const peer = await startPeer(network, peerKey.secret, boxKey.shared);
    const card = cards.written();
    card.writeBootFile(
      "plugjam.toml",
      `[[server]]
name = "Behind the tunnel"
address = "${serverInTunnel}:${serverPort}"
[audio]
capture = "plughw:CARD=Loopback,DEV=1"
playback = "plughw:CARD=Loopback,DEV=1"
period = 256
periods = 8
jitter = 20
quality = "low"
[panel]
voice = false
[wireguard]
address = "${boxInTunnel}/24"
private_key = "${boxKey.secret}"
public_key = "${peerKey.shared}"
endpoint = "${peer.address}:${tunnelPort}"
allowed_ips = "10.8.0.0/24"
`,
    );
    const machine = Machine.boot({ card, args: watched, append });
    await machine.ready();
    const shell = await machine.shell();
    await shell.output("modprobe snd-aloop");
    await until("the card", async () => (await status(shell)).audio.state === "running", patience);
    await until("encrypted", () => isEncrypted(shell), patience);
    await shell.output("plugjam press connect");
    await until("the server's sound", async () => (await status(shell)).connection.heard, patience);

    const through = `dst host ${peer.address} and udp dst port ${tunnelPort}`;
    assert.ok(sent(through).length > 100, "hardly anything went through the tunnel");
    assert.deepEqual(sent(`not (${atHome}) and not (${through})`), []);

    await peer.stop();
    await until("no tunnel", async () => !(await isEncrypted(shell)), patience);
    assert.deepEqual(sent(`not (${atHome}) and not (${through})`), []);
  });

  interface Peer {
    readonly address: string;
    stop(): Promise<unknown>;
  }

  /** The other end of the tunnel, in user space, and a real Jamulus server behind it. */
  async function startPeer(network: TestNetwork, secret: string, boxShared: string): Promise<Peer> {
    const [command = "", ...inside] = network.wrap;
    const device = `plug-${process.pid}`;
    const tunnel = launch(command, [...inside, "wireguard-go", device], {
      env: { WG_PROCESS_FOREGROUND: "1" },
    });
    const script = [
      `echo '${secret}' | wg set ${device} listen-port ${tunnelPort} private-key /dev/stdin peer '${boxShared}' allowed-ips ${boxInTunnel}/32`,
      `ip addr replace ${serverInTunnel}/24 dev ${device}`,
      `ip link set ${device} up`,
    ].join("\n");
    const setUp = () => execFileSync(command, [...inside, "sh", "-ec", script], { stdio: "pipe" });
    await until("the other end of the tunnel", setUp, { hopeless: () => tunnel.end });
    launch(command, [...inside, "Jamulus", "--server", "--nogui", "--port", String(serverPort)], {
      env: { QT_QPA_PLATFORM: "offscreen", HOME: folder, XDG_CONFIG_HOME: folder },
    });
    return { address: host(2).v4, stop: () => tunnel.kill() };
  }
});

/**
 * The box's own question, by its own user, without its patience of 2 s: in an emulated box a command may take longer, and
 * then it shows no tunnel.
 */
const ask = `
import { execFile } from "node:child_process";
import { isEncrypted } from "/usr/lib/plugjam/dist/src/system/tunnel.js";
const run = (command, ...words) => new Promise((resolve) =>
  execFile(command, words, (error, printed) => resolve(error ? null : printed)));
console.log("encrypted: " + (await isEncrypted({ address: "${serverInTunnel}", port: ${serverPort} }, run)));`;

async function isEncrypted(shell: Shell): Promise<boolean> {
  const told = await shell.output(`runuser -u plugjam -- node --input-type=module -e '${ask}'`);
  assert.match(told, /^encrypted: (true|false)$/m);
  return told.includes("true");
}

interface KeyPair {
  readonly secret: string;
  readonly shared: string;
}

function newKey(): KeyPair {
  const secret = execFileSync("wg", ["genkey"], { encoding: "utf8" }).trim();
  return { secret, shared: execFileSync("wg", ["pubkey"], { input: secret, encoding: "utf8" }).trim() };
}

async function status(shell: Shell): Promise<Status> {
  return JSON.parse(await shell.output("plugjam status --json")) as Status;
}
