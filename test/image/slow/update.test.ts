// Updates of the very image, by stick and from a web server: good, damaged, wrongly signed, crashing, hanging, cut off.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fromImage, type Parts } from "../../../image/bundle/parts.js";
import { writeBundle } from "../../../image/bundle/write-bundle.js";
import type { Progress } from "../../../image/update/progress.js";
import { newKey } from "../../../image/update/update-key.js";
import type { Status } from "../../../src/core/status.js";
import { stopAllProcesses } from "../../support/process.js";
import { Random } from "../../support/random.js";
import { until } from "../../support/until.js";
import type { Card } from "../emulator/card.js";
import { CardBox } from "../emulator/image.js";
import { Machine, type MachineOptions } from "../emulator/machine.js";
import type { Qmp } from "../emulator/qmp.js";
import type { Shell } from "../emulator/shell.js";

const minuteMs = 60_000;
/** Half a gigabyte is read, hashed, written and read again, all by an emulated processor. */
const writeDeadlineMs = 20 * minuteMs;
/** In the midst of an update. */
const cuts = Number(process.env.PLUGJAM_ROUNDS ?? 5);
/** A start, and the minutes of a trial. */
const trialDeadlineMs = 15 * minuteMs;

const usb = ["-device", "qemu-xhci,id=usb"];
/** The kernel's last words, or systemd's, which a realtime kernel is more likely to get out in time. */
const trialWords = /(?:Restarting system with command|Rebooting with argument) '0 tryboot'/;

describe("image, updated", function () {
  this.timeout(60 * minuteMs);
  const school = newKey();
  const key = createPrivateKey(school.privatePem);
  const cards = new CardBox();
  const folder = mkdtempSync(join(tmpdir(), "plugjam-updates-"));
  /** What one case has made of it, the next one finds. */
  let common: Card;
  let card: Card;
  let parts: Parts;
  let oldRoot: string;
  let good: string;

  before(async () => {
    common = cards.written();
    card = common;
    parts = fromImage(card.file);
    oldRoot = card.rootHash("a");
    good = await bundle("99.0.0", { root: remade("good", "99.0.0", "true") });
    setSettings("");
  });
  afterEach(async () => {
    await stopAllProcesses();
    card = common;
  });
  after(() => {
    cards.remove();
    rmSync(folder, { recursive: true });
    if (parts.temporary !== null) rmSync(parts.temporary, { recursive: true });
  });

  /** What the school has written. */
  function setSettings(update: string): void {
    const server = '[[server]]\nname = "Nobody"\naddress = "10.0.2.2:9"\n';
    card.writeBootFile("plugjam.toml", `${server}[update]\nkeys = ["${school.publicWord}"]\n${update}`);
  }

  /** The image's root file system with another version, and what a line of shell makes of it. */
  function remade(name: string, version: string, edit: string): string {
    const root = join(folder, `${name}.squashfs`);
    const script = [
      'unsquashfs -quiet -no-progress -d "$0.files" "$1"',
      'cd "$0.files"',
      `sed -i 's/^IMAGE_VERSION=.*/IMAGE_VERSION="${version}"/' usr/lib/os-release`,
      edit,
      'mksquashfs . "$0" -quiet -no-progress -comp zstd -Xcompression-level 1',
      'rm -r "$0.files"',
    ];
    execFileSync("fakeroot", ["sh", "-ec", script.join("\n"), root, parts.root], { stdio: "pipe" });
    return root;
  }

  interface Wish {
    readonly root?: string;
    readonly boot?: string;
    readonly key?: KeyObject;
  }

  async function bundle(version: string, wish: Wish = {}): Promise<string> {
    const made = await writeBundle({
      parts: { root: wish.root ?? parts.root, boot: wish.boot ?? parts.boot },
      privateKey: wish.key ?? key,
      board: "arm64",
      allowDowngrade: false,
      folder: mkdtempSync(join(folder, "bundle-")),
      version,
    });
    return made.path;
  }

  /** A stick with that bundle on it. */
  function stickWith(file: string): string {
    const stick = `${file}.stick`;
    writeFileSync(stick, "");
    truncateSync(stick, Math.ceil((statSync(file).size * 1.05 + 4e6) / 1e6) * 1e6);
    execFileSync("mkfs.fat", ["-F", "32", stick], { stdio: "pipe" });
    execFileSync("mcopy", ["-i", stick, file, "::update.plugjam"], { stdio: "pipe" });
    return stick;
  }

  function boot(options: Omit<MachineOptions, "card"> = {}): Machine {
    // An emulated box on a busy machine is late for its watchdog, which is no fault of the update.
    const append = "systemd.service_watchdogs=0 loglevel=7";
    return Machine.boot({ card, append, ...options, args: [...usb, ...(options.args ?? [])] });
  }

  /** Plugs the stick in, and gives what the updater came to. */
  async function offer(qmp: Qmp, shell: Shell, file: string): Promise<Progress> {
    const stick = stickWith(file);
    await shell.run("rm -f /run/plugjam-update/status.json");
    await qmp.command("blockdev-add", {
      driver: "raw",
      "node-name": "stick",
      file: { driver: "file", filename: stick },
    });
    await qmp.command("device_add", { driver: "usb-storage", id: "stick", bus: "usb.0", drive: "stick" });
    const end = await ending(shell, writeDeadlineMs);
    await qmp.command("device_del", { id: "stick" });
    await until("the stick's end", () => qmp.events.includes("DEVICE_DELETED"));
    await until("the file's end", () =>
      qmp.command("blockdev-del", { "node-name": "stick" }).then(() => true),
    );
    rmSync(stick);
    return end;
  }

  async function ending(shell: Shell, deadlineMs: number): Promise<Progress> {
    return until(
      "the updater's word",
      async () => {
        const { status, text } = await shell.run("cat /run/plugjam-update/status.json");
        const told = status === 0 ? (JSON.parse(text) as Progress) : null;
        return told && ["refused", "failed", "idle", "done"].includes(told.state) ? told : null;
      },
      { deadlineMs, everyMs: 1_000 },
    );
  }

  /** The display, by the box's own word. */
  async function shows(shell: Shell, line: string): Promise<void> {
    const isShown = async () => {
      const { status, text } = await shell.run("plugjam status --json");
      return status === 0 && (JSON.parse(text) as Status).panel.display.includes(line);
    };
    await until(`${line} on the display`, isShown, { deadlineMs: minuteMs, everyMs: 1_000 });
  }

  const refusal = (end: Progress) => (end.state === "refused" ? end.reason : JSON.stringify(end));
  const configured = () => /^os_prefix=(.*)$/m.exec(card.bootFile("config.txt").toString())?.[1];

  /** The machine restarts by itself: how the firmware starts it then. */
  async function restarted(machine: Machine, deadlineMs: number): Promise<{ readonly trial: boolean }> {
    await machine.ended(deadlineMs);
    const trial = machine.console.some((line) => trialWords.test(line));
    // Why a trial was not asked for, where one was expected.
    if (!trial) console.log(machine.console.slice(-15).join("\n"));
    return { trial };
  }

  /** For a machine with the bundle on a stick that is in from the beginning on. */
  function withStick(file: string): readonly string[] {
    const drive = `if=none,id=stick,format=raw,file=${stickWith(file)}`;
    return ["-drive", drive, "-device", "usb-storage,bus=usb.0,drive=stick"];
  }

  /** Boots with the bundle on a stick that stays in, until the box asks for a trial. */
  async function installed(file: string): Promise<readonly string[]> {
    const args = withStick(file);
    const machine = boot({ args });
    assert.deepEqual(await restarted(machine, writeDeadlineMs), { trial: true });
    assert.equal(configured(), "slot-a/");
    return args;
  }

  /** The box is up, in its first slot. */
  async function bootedOld(machine: Machine): Promise<Shell> {
    await machine.ready(trialDeadlineMs);
    const shell = await machine.shell();
    assert.match(await shell.output("cat /proc/cmdline"), /plugjam\.slot=a/);
    return shell;
  }

  it("refuses what is cut short, changed, or signed by somebody else, and boots as before", async () => {
    const short = join(folder, "short.plugjam");
    writeFileSync(short, readFileSync(good));
    truncateSync(short, Math.floor(statSync(good).size * 0.9));
    const changed = join(folder, "changed.plugjam");
    const bytes = readFileSync(good);
    bytes[Math.floor(bytes.length * 0.95)]! ^= 1;
    writeFileSync(changed, bytes);
    const strange = await bundle("99.0.0", { key: createPrivateKey(newKey().privatePem) });

    const machine = boot();
    await machine.ready(trialDeadlineMs);
    const [shell, qmp] = [await machine.shell(), await machine.qmp()];
    assert.match(refusal(await offer(qmp, shell, strange)), /not signed by a key of this school/);
    await shows(shell, "NO UPDATE");
    assert.match(refusal(await offer(qmp, shell, short)), /damaged or incomplete/);
    assert.match(refusal(await offer(qmp, shell, changed)), /damaged or incomplete/);
    assert.match(refusal(await offer(qmp, shell, await bundle("0.0.1"))), /0\.0\.1 is not newer than/);
    assert.match(await shell.output("findmnt -no OPTIONS /boot/firmware"), /^ro/);
    shell.say("systemctl reboot");
    assert.deepEqual(await restarted(machine, trialDeadlineMs), { trial: false });
    assert.equal(configured(), "slot-a/");
    assert.equal(card.rootHash("a"), oldRoot);
  });

  it("waits while the box is on its way to a server", async () => {
    const machine = boot();
    await machine.ready(trialDeadlineMs);
    const [shell, qmp] = [await machine.shell(), await machine.qmp()];
    await shell.output("plugjam press connect");
    assert.match(refusal(await offer(qmp, shell, good)), /The box is connected: press CONNECT/);
    // The wish would be kept, and the next cases are of a box that nobody uses.
    await shell.output("plugjam press connect");
    shell.say("systemctl poweroff");
    await machine.ended();
  });

  it("goes back by itself from a version that crashes again and again, and does not try it again", async () => {
    const edit = 'echo "process.exit(1)" >usr/lib/plugjam/dist/src/cli.js';
    const crashing = await bundle("99.0.1", { root: remade("crashing", "99.0.1", edit) });
    const args = await installed(crashing);
    const trial = boot({ args, trial: true });
    assert.deepEqual(await restarted(trial, trialDeadlineMs), { trial: false });
    assert.equal(configured(), "slot-a/");
    const after = boot({ args });
    const shell = await bootedOld(after);
    assert.match(
      refusal(await ending(shell, writeDeadlineMs)),
      /99\.0\.1 failed on this box .*again and again/,
    );
    await after.cutPower();
  });

  it("goes back from a version that does not even start", async () => {
    const bootFolder = join(folder, "hanging");
    execFileSync("cp", ["-r", parts.boot, bootFolder]);
    const commandLine = readFileSync(join(bootFolder, "cmdline.txt"), "utf8").trim();
    writeFileSync(join(bootFolder, "cmdline.txt"), `${commandLine} init=/bin/false\n`);
    await installed(await bundle("99.0.2", { boot: bootFolder }));
    const trial = boot({ trial: true });
    await trial.shows(/Attempted to kill init|Kernel panic/, trialDeadlineMs);
    await restarted(trial, trialDeadlineMs);
    const after = boot();
    const shell = await bootedOld(after);
    const log = () => shell.output("journalctl --no-pager -u plugjam-trial.service");
    await until("its word", async () => /99\.0\.2 did not come up/.test(await log()), {
      deadlineMs: 2 * minuteMs,
    });
    await after.cutPower();
  });

  it("boots the old slot after power cuts at any moment of an update", async () => {
    const random = new Random(6);
    card = cards.copy(common);
    for (let cut = 0; cut < cuts; cut++) {
      // Another version each time: one that was on trial at two cuts is not taken again.
      const machine = boot({ args: withStick(await bundle(`98.0.${cut}`)) });
      const shell = await bootedOld(machine);
      const percent = random.below(11) * 10;
      let refused: string | null = null;
      const isReached = async () => {
        if (machine.process.end !== null) return true;
        const { text } = await shell.run("cat /run/plugjam-update/status.json", 10_000);
        if (/refused|failed/.test(text)) refused = text;
        return /trying/.test(text) || Number(/"percent":(\d+)/.exec(text)?.[1] ?? -1) >= percent;
      };
      await until(`${percent} % of the update`, isReached, {
        deadlineMs: writeDeadlineMs,
        hopeless: () => refused,
      });
      await sleep(Math.round(random.next() * 5_000));
      await machine.cutPower();
      assert.equal(configured(), "slot-a/");
      assert.equal(card.rootHash("a"), oldRoot);
      console.log(`      ${cut + 1} of ${cuts} cuts, this one at ${percent} %`);
    }
    const last = boot();
    await bootedOld(last);
    await last.cutPower();
  });

  it("takes a good one, keeps it after its trial, and does not take it twice", async () => {
    const args = await installed(good);
    const trial = boot({ args, trial: true });
    await trial.ready(trialDeadlineMs);
    const shell = await trial.shell();
    assert.match(await shell.output("cat /proc/cmdline"), /plugjam\.slot=b/);
    const isKept = async () =>
      (await shell.run("grep os_prefix=slot-b /boot/firmware/config.txt")).status === 0;
    await shows(shell, "UPDATE");
    await until("the end of the trial", isKept, { deadlineMs: trialDeadlineMs, everyMs: 1_000 });
    await until("its end", async () => (await shell.run("ls /data/update/trial-b.json")).status !== 0);
    shell.say("systemctl reboot");
    assert.deepEqual(await restarted(trial, trialDeadlineMs), { trial: false });
    assert.equal(configured(), "slot-b/");
    assert.throws(() => card.bootFile("tryboot.txt"));
    const after = boot({ args });
    await after.ready(trialDeadlineMs);
    const later = await after.shell();
    assert.match(await later.output("cat /etc/os-release"), /IMAGE_VERSION="99\.0\.0"/);
    assert.match(refusal(await ending(later, writeDeadlineMs)), /99\.0\.0 is not newer than 99\.0\.0/);
    assert.equal(await later.output("systemctl list-units --failed --no-legend --plain"), "");
    assert.equal(card.rootHash("a"), oldRoot);
    later.say("systemctl poweroff");
    await after.ended();
  });

  it("takes the next one from a web server, into the slot that is free", async () => {
    const old = configured();
    const free = old === "slot-a/" ? "b" : "a";
    const next = await bundle("99.1.0", { root: remade("next", "99.1.0", "true") });
    let answers: number[] = [];
    const server = createServer((request, response) => {
      const isKnown = request.headers["if-none-match"] === '"next"';
      answers.push(isKnown ? 304 : 200);
      if (isKnown) response.writeHead(304).end();
      else response.writeHead(200, { ETag: '"next"' }).end(readFileSync(next));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      setSettings(`url = "http://10.0.2.2:${(server.address() as AddressInfo).port}/plugjam.plugjam"\n`);
      const machine = boot();
      await machine.ready(trialDeadlineMs);
      const first = await machine.shell();
      const isThere = async () => (await first.run("ip -4 route show default | grep via")).status === 0;
      await until("the network", isThere, { deadlineMs: 2 * minuteMs, everyMs: 1_000 });
      first.say("systemctl start --no-block plugjam-update.service");
      assert.deepEqual(await restarted(machine, writeDeadlineMs), { trial: true });
      assert.equal(configured(), old);
      const trial = boot({ trial: true });
      await trial.ready(trialDeadlineMs);
      const shell = await trial.shell();
      const isKept = async () =>
        (await shell.run(`grep os_prefix=slot-${free} /boot/firmware/config.txt`)).status === 0;
      await until("the end of the trial", isKept, { deadlineMs: trialDeadlineMs, everyMs: 1_000 });
      await shows(shell, "UPDATED");
      await until(
        "its end",
        async () => (await shell.run(`ls /data/update/trial-${free}.json`)).status !== 0,
      );
      answers = [];
      for (const end of [/99\.1\.0 is not newer/, /"idle"/]) {
        await shell.run("rm -f /run/plugjam-update/status.json");
        await shell.output("systemctl start plugjam-update.service", writeDeadlineMs);
        assert.match(refusal(await ending(shell, minuteMs)), end);
      }
      assert.deepEqual(answers, [200, 304]);
      await trial.cutPower();
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
