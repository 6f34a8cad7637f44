// The image takes its settings from the card: for one box of a school, with secrets that leave the card, and with a mistake.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootPartition } from "../../../image/build/layout.js";
import { boxId } from "../../../image/provision/identity.js";
import { freeTcpPort } from "../../support/free-port.js";
import { stopAllProcesses } from "../../support/process.js";
import type { Card } from "../emulator/card.js";
import { CardBox } from "../emulator/image.js";
import { Machine, serialNumber } from "../emulator/machine.js";
import { peerKey, wireguardKey } from "../provision-example.js";

/** That of QEMU's network card. */
const mac = "52-54-00-12-34-56";
/** An emulated box on a busy machine is late for its watchdog, which is no fault of its settings. */
const append = "systemd.service_watchdogs=0";
const password = "a password that must not be found";

describe("image, its settings on the card", function () {
  this.timeout(20 * 60_000);
  const cards = new CardBox();
  const card = cards.written();
  const folder = mkdtempSync(join(tmpdir(), "plugjam-ssh-"));
  const key = join(folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const school = `[[server]]
name = "School"
address = "hub.lan"
[network]
wifi_name = "School"
time_server = "ntp.lan"
[ssh]
keys = "${readFileSync(`${key}.pub`, "utf8").trim()}"
[wireguard]
address = "10.8.0.2/24"
private_key = "${wireguardKey}"
public_key = "${peerKey}"
endpoint = "10.0.2.2:51820"
allowed_ips = "10.8.0.0/24"
`;
  const list = `box;room;role;network.wifi_password\n${mac};Große Aula;hub;${password}\n00000000ffffffff;;;another password\n`;
  afterEach(stopAllProcesses);
  after(() => {
    cards.remove();
    rmSync(folder, { recursive: true });
  });

  it("has a file on it that is good", async () => {
    const machine = Machine.boot({ card, append });
    await machine.ready();
    const shell = await machine.shell();
    assert.equal((await shell.run("cat /etc/plugjam/problems.json")).status, 1);
    assert.equal(await shell.output("hostname"), `plugjam-${serialNumber.slice(-4)}`);
    assert.equal(
      (await shell.run("systemctl is-active ssh.service plugjam-tunnel.service")).text,
      "inactive\ninactive",
    );
    assert.equal(await shell.output("nft list chain inet plugjam configured | grep -c accept || true"), "0");
    shell.say("systemctl poweroff");
    await machine.ended();
    assert.match(
      card.bootFile("this-box.txt").toString(),
      new RegExp(`has the serial number ${boxId(serialNumber)}\\b`),
    );
  });

  it("makes one box of a school of it: its name, its doors, its keys, its tunnel", async () => {
    card.writeBootFile("plugjam.toml", school);
    card.writeBootFile("boxes.csv", list);
    const port = await freeTcpPort();
    const machine = Machine.boot({ card, append, forward: [`tcp:127.0.0.1:${port}-:22`] });
    await machine.ready();
    const shell = await machine.shell();
    assert.equal(await shell.output("hostname"), "plugjam-grosse-aula");
    assert.equal((await shell.run("systemctl is-system-running --wait")).text, "running");
    assert.match(await shell.output("plugjam status"), /^Hub +up/m);
    const doors = await shell.output("nft list chain inet plugjam configured");
    assert.deepEqual(doors.match(/dport \d+/g), ["dport 22124", "dport 22"]);
    assert.match(await shell.output("SYSTEMD_COLORS=0 resolvectl mdns"), /Link \d+ \(e[^)]*\): yes/);
    assert.match(await shell.output("timedatectl show-timesync --property=LinkNTPServers"), /ntp\.lan/);
    assert.equal(await shell.output("wg show wg0 allowed-ips"), `${peerKey}\t10.8.0.0/24`);
    assert.equal(await shell.output("cat /run/plugjam-tunnel/wg0/allowed-ips"), `${peerKey}\t10.8.0.0/24`);
    assert.match(await shell.output("ip -color=never -br addr show wg0"), /10\.8\.0\.2\/24/);
    assert.match(await shell.output("cat /etc/wpa_supplicant/plugjam.conf"), /psk=[0-9a-f]{64}/);
    const modes = await shell.output("stat -c '%a %U' /data/secrets /data/secrets/card.json");
    assert.equal(modes, "700 root\n600 root");
    assert.equal((await shell.run(`journalctl -o cat | grep -F '${password}'`)).status, 1);
    // Written only for a moment.
    assert.match(await shell.output("findmnt -no OPTIONS /boot/firmware"), /^ro,/);

    const ssh = (...words: readonly string[]) =>
      spawnSync(
        "ssh",
        [
          "-p",
          String(port),
          "-o",
          "StrictHostKeyChecking=no",
          "-o",
          "UserKnownHostsFile=/dev/null",
          "-o",
          "BatchMode=yes",
          ...words,
        ],
        {
          encoding: "utf8",
          timeout: 60_000,
        },
      );
    const named = ssh("-i", key, "root@127.0.0.1", "hostname");
    assert.equal(named.stdout, "plugjam-grosse-aula\n", named.stderr);
    assert.match(
      ssh("-o", "IdentityFile=/dev/null", "root@127.0.0.1", "true").stderr,
      /Permission denied \(publickey\)/,
    );
    shell.say("systemctl poweroff");
    await machine.ended();
  });

  it("has no secret on the card any more, not even where none is to be seen", () => {
    assert.match(card.bootFile("plugjam.toml").toString(), /^# private_key = moved into the box on 20\d\d-/m);
    assert.equal(
      card.bootFile("boxes.csv").toString(),
      list.replace(password, "").replace("another password", ""),
    );
    for (const secret of [password, "another password", wireguardKey])
      assert.equal(placeOf(card, secret), null);
    assert.notEqual(placeOf(card, peerKey), null);
  });

  it("goes on with what it had where there is a mistake, and says where", async () => {
    card.writeBootFile("plugjam.toml", `${school.replace(/private_key.*\n/, "")}[audio]\nperiod = 9\n`);
    const machine = Machine.boot({ card, append });
    await machine.ready();
    const shell = await machine.shell();
    assert.equal(await shell.output("hostname"), "plugjam-grosse-aula");
    assert.equal(await shell.output("wg show wg0 allowed-ips"), `${peerKey}\t10.8.0.0/24`);
    const status = JSON.parse(await shell.output("plugjam status --json"));
    const line = school.split("\n").length;
    assert.match(status.troubles[0], new RegExp(`^plugjam\\.toml:${line}: audio\\.period: cannot be 9`));
    assert.ok(status.panel.display.includes(`plugjam.toml:${line}`), status.panel.display.join("\n"));
    shell.say("systemctl poweroff");
    await machine.ended();
  });
});

/** Where in the boot partition these bytes are, seen or unseen; null: nowhere. */
function placeOf(card: Card, text: string): number | null {
  const file = openSync(card.file, "r");
  const bytes = Buffer.alloc(bootPartition.bytes);
  readSync(file, bytes, 0, bytes.length, bootPartition.startBytes);
  closeSync(file);
  const place = bytes.indexOf(text);
  return place < 0 ? null : place;
}
