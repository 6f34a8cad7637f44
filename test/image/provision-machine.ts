// A machine in a folder, as provisioning sees one: card, data partition, network cards; its power can be cut at any call.

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Disk } from "../../image/provision/disk.js";
import { provision } from "../../image/provision/provision.js";

export const serial = "10000000abcd1234";
export const mac = "b8:27:eb:12:34:56";

/** What is written onto the card for such a box. */
export const note =
  "The box that this card is in has the serial number abcd1234, and the MAC b827eb123456.\r\nEach of them names it in plugjam.toml and in boxes.csv.\r\n";

/** Every call that changes something. */
const changing = [
  "chmodSync",
  "chownSync",
  "closeSync",
  "fsyncSync",
  "mkdirSync",
  "renameSync",
  "rmSync",
  "writeSync",
];

/** A disk would make each of thousands of writes wait for it. */
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** What starts provisioning in the image; where there is anything new it starts Node, whose place this test takes. */
const starter = resolve("image/rootfs/usr/libexec/plugjam-provision");

export class PowerCut extends Error {}

export class TestMachine {
  readonly root = mkdtempSync(join(memory, "plugjam-provision-"));
  readonly said: string[] = [];
  readonly mounts: string[] = [];
  /** /etc/group, as on this machine. */
  readonly #groups = readFileSync("/etc/group", "utf8");
  paused = 0;
  /** What happens meanwhile. */
  onPause: (count: number) => void = () => {};
  today = "2026-11-26";
  refusal: string | null = null;

  /** How often the card was read, rather than taken to be as it was. */
  reads = 0;

  constructor(hasData = true) {
    this.write("bin/node", '#!/bin/sh\necho "$3"\n');
    fs.chmodSync(join(this.root, "bin/node"), 0o755);
    this.write("usr/lib/os-release", "IMAGE_VERSION=1\n");
    this.write("usr/lib/plugjam/dist/image/provision/plan.js", "1");
    this.write("usr/lib/plugjam/dist/src/config/schema.js", "1");
    this.write("proc/device-tree/serial-number", `${serial}\0`);
    this.write("sys/class/net/lo/address", "00:00:00:00:00:00\n");
    this.write("sys/class/net/end0/address", `${mac}\n`);
    this.write("proc/sys/kernel/hostname", "localhost\n");
    this.write("proc/self/mounts", `/dev/x4 /data ${hasData ? "ext4" : "tmpfs"} rw 0 0\n`);
  }

  write(path: string, contents: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), contents);
  }

  card(toml: string | Uint8Array, csv?: string): this {
    this.write("boot/firmware/plugjam.toml", toml);
    if (csv !== undefined) this.write("boot/firmware/boxes.csv", csv);
    return this;
  }

  /** Null: there is no such file. */
  read(path: string): string | null {
    return existsSync(join(this.root, path)) ? readFileSync(join(this.root, path), "utf8") : null;
  }

  mode(path: string): string {
    return (statSync(join(this.root, path)).mode & 0o777).toString(8);
  }

  boot(disk: Disk = fs): this {
    // What is written to /etc lies in memory on a box.
    rmSync(join(this.root, "etc"), { recursive: true, force: true });
    this.write("etc/group", this.#groups);
    this.said.length = 0;
    const inputs = this.#start();
    if (inputs === null) return this;
    this.reads++;
    provision({
      root: this.root,
      disk,
      inputs,
      now: new Date(`${this.today}T12:00:00Z`),
      remount: (how) => {
        this.mounts.push(how);
        return this.refusal;
      },
      pause: () => {
        this.onPause(++this.paused);
      },
      say: (line) => void this.said.push(line),
    });
    return this;
  }

  /** What Node is told; null: it was not started. */
  #start(): string | null {
    const env = { PATH: `${join(this.root, "bin")}:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync(starter, [this.root], { env, encoding: "utf8" });
    if (status !== 0 || stderr !== "") throw new Error(`${starter}: ${status} ${stderr}`);
    return stdout.trim() || null;
  }

  /** Every file of a folder with its owner and mode, and the folders. */
  files(path: string): string[] {
    const names = fs.readdirSync(join(this.root, path), { recursive: true, encoding: "utf8" }).sort();
    return names.map((name) => {
      const { uid, gid, mode } = statSync(join(this.root, path, name));
      const isFile = (mode & fs.constants.S_IFMT) === fs.constants.S_IFREG;
      return `${name} ${uid}:${gid} ${mode.toString(8)} ${isFile ? this.read(join(path, name)) : ""}`;
    });
  }

  /** Boots until the call of that number, which and all after it never happen; gives whether there was one. */
  bootUntil(call: number): boolean {
    let calls = 0;
    const disk = new Proxy(fs as Disk, {
      get: (target, name: keyof Disk) => {
        const real = target[name] as (...given: unknown[]) => unknown;
        return (...given: unknown[]) => {
          if ((changing as string[]).includes(name) && ++calls >= call) throw new PowerCut();
          return real(...given);
        };
      },
    });
    try {
      this.boot(disk);
      return false;
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      return true;
    }
  }

  /** What the product is told of a file that was not good. */
  report(): { instead: string; problems: { where: string; key: string | null; what: string }[] } | null {
    const written = this.read("etc/plugjam/problems.json");
    return written === null ? null : JSON.parse(written);
  }

  end(): void {
    rmSync(this.root, { recursive: true });
  }
}
