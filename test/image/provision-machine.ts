// A machine in a folder, as provisioning sees one: card, data partition, network cards; its power can be cut at any call.

import * as fs from "node:fs";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Disk } from "../../image/provision/disk.js";
import { provision } from "../../image/provision/provision.js";

export const serial = "10000000abcd1234";
export const mac = "b8:27:eb:12:34:56";

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

export class PowerCut extends Error {}

export class TestMachine {
  readonly root = mkdtempSync(join(memory, "plugjam-provision-"));
  readonly said: string[] = [];
  readonly mounts: string[] = [];
  /** /etc/group, as on this machine. */
  readonly #groups = readFileSync("/etc/group", "utf8");
  paused = 0;
  today = "2026-11-26";
  refusal: string | null = null;

  constructor(hasData = true) {
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
    provision({
      root: this.root,
      disk,
      now: new Date(`${this.today}T12:00:00Z`),
      remount: (how) => {
        this.mounts.push(how);
        return this.refusal;
      },
      pause: () => {
        this.paused++;
      },
      say: (line) => void this.said.push(line),
    });
    return this;
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
