// A card with two slots in a folder, its firmware, and a machine around it, for tests of updates.

import { createPrivateKey } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeBundle } from "../../image/bundle/write-bundle.js";
import { type Disk, realDisk } from "../../image/update/disk.js";
import type { Layout } from "../../image/update/layout.js";
import type { Access, Machine, Service } from "../../image/update/machine.js";
import type { Progress } from "../../image/update/progress.js";
import { configuredSlot, type Slot, slotFolder } from "../../image/update/slot.js";
import { settleTrial } from "../../image/update/trial.js";
import { newKey, parsePublicWord } from "../../image/update/update-key.js";
import { type Outcome, type Source, Updater } from "../../image/update/updater.js";
import type { Status } from "../../src/core/status.js";
import { FakeBox } from "../control/fake-box.js";
import { Random } from "../support/random.js";

export const partitionBytes = 256 * 1024;

/** In memory where the system has a place for that: thousands of files are synced. */
const places = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

export function newFolder(): string {
  return mkdtempSync(join(places, "plugjam-update-"));
}

/** What a slot holds when it is whole. */
export interface System {
  readonly version: string;
  readonly root: Buffer;
  /** By path below the slot's folder. */
  readonly boot: Readonly<Record<string, Buffer>>;
}

export function makeSystem(version: string, seed: number): System {
  const random = new Random(seed);
  const bytes = (count: number) => Buffer.from(random.bytes(count));
  return {
    version,
    root: bytes(20_480),
    boot: {
      vmlinuz: bytes(3_000),
      initrd: bytes(1_024),
      "bcm2711-rpi-4-b.dtb": bytes(700),
      "overlays/hifi.dtbo": bytes(513),
      "cmdline.txt": Buffer.from(`console=tty0 quiet version=${version}\n`),
    },
  };
}

const school = newKey();
export const schoolKey = createPrivateKey(school.privatePem);
export const schoolWord = school.publicWord;
export const schoolKeys = [parsePublicWord(school.publicWord)!];

export interface BundleWish {
  readonly key?: typeof schoolKey;
  readonly board?: string;
  readonly allowDowngrade?: boolean;
}

/** The bytes of a bundle, made by the tool that makes all bundles. */
export async function bundleOf(system: System, wish: BundleWish = {}): Promise<Buffer> {
  const folder = newFolder();
  try {
    writeFileSync(join(folder, "root"), system.root);
    for (const [name, contents] of Object.entries(system.boot)) put(join(folder, "boot", name), contents);
    const { path } = await writeBundle({
      parts: { root: join(folder, "root"), boot: join(folder, "boot") },
      privateKey: wish.key ?? schoolKey,
      board: wish.board ?? "arm64",
      allowDowngrade: wish.allowDowngrade ?? false,
      folder,
      version: system.version,
    });
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In pieces of some hundred bytes, as a network gives them. */
export function sourceOf(bundle: Buffer, pieceBytes = 5_000): Source {
  return {
    async *read() {
      for (let at = 0; at < bundle.length; at += pieceBytes) yield bundle.subarray(at, at + pieceBytes);
    },
  };
}

/** Runs slot a, with `present` in it and an older system in slot b. */
export class Rig implements Machine {
  readonly folder = newFolder();
  readonly layout: Layout;
  readonly systems: System[];
  disk: Disk = realDisk;
  told: Progress[] = [];
  /** How the machine was last asked to restart; null since it did. */
  asked: "trial" | "plain" | null = null;
  status: Status | null = idleStatus();
  present: Service = { isActive: true, startedAt: "1", restarts: 0 };
  network = true;
  bootFree = 1e9;
  cannotTry: string | null = null;
  /** Of a card that forgets. */
  onRead: (partition: string) => void = () => {};
  /** What happens to the machine while a trial is watched. */
  onWait: (nowMs: number) => void = () => {};
  isWritable = false;
  #nowMs = 0;

  constructor(present: System, older: System) {
    const at = (path: string) => join(this.folder, path);
    this.layout = {
      boot: at("boot"),
      root: { a: at("partition-2"), b: at("partition-3") },
      memory: at("data/update"),
      keys: at("data/provision/update-keys"),
      url: at("data/provision/update-url"),
      commandLine: at("cmdline"),
      osRelease: at("os-release"),
      status: at("status.json"),
      socket: at("control.sock"),
    };
    this.systems = [present, older];
    put(at("boot/config.txt"), "arm_64bit=1\nos_prefix=slot-a/\nkernel=vmlinuz\n");
    put(this.layout.keys, `# of the school\n${schoolWord}\n`);
    this.#fill("a", present);
    this.#fill("b", older);
    this.#start("a");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  update(bundle: Buffer | Source): Promise<Outcome> {
    const source = Buffer.isBuffer(bundle) ? sourceOf(bundle) : bundle;
    return this.updater.update(async () => source);
  }

  get updater(): Updater {
    return new Updater({
      layout: this.layout,
      machine: this,
      disk: this.disk,
      tell: (each) => this.told.push(each),
    });
  }

  /** What plugjam-trial.service does after each start. */
  settle(): Promise<void> {
    const { layout, disk } = this;
    return settleTrial({
      layout,
      machine: this,
      disk,
      tell: (each) => this.told.push(each),
      now: () => this.#nowMs,
      wait: async (ms) => {
        this.#nowMs += ms;
        this.onWait(this.#nowMs);
      },
    });
  }

  /**
   * What a Pi does when it is switched on, or restarted as it was asked: boots a slot, which must be whole, and gives it.
   * What runs in it is told to run well.
   */
  restart(how: "asked" | "power" = "asked"): Slot {
    const file = how === "asked" && this.asked === "trial" ? "tryboot.txt" : "config.txt";
    const slot = configuredSlot(readFileSync(join(this.layout.boot, file), "utf8"));
    if (slot === null) throw new Error(`${file} names no slot`);
    this.#start(slot);
    return slot;
  }

  /** The version in a slot that is whole; throws where it is not, byte for byte. */
  systemIn(slot: Slot): string {
    const folder = join(this.layout.boot, slotFolder(slot));
    const root = readFileSync(this.layout.root[slot]);
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      statSync(join(folder, name)).isFile(),
    );
    for (const { version, root: wanted, boot } of this.systems) {
      const isRoot = root.subarray(0, wanted.length).equals(wanted);
      const expected = { ...boot, "cmdline.txt": Buffer.from(commandLine(boot, slot)) };
      const isBoot = Object.entries(expected).every(
        ([name, contents]) => names.includes(name) && readFileSync(join(folder, name)).equals(contents),
      );
      if (isRoot && isBoot && names.length === Object.keys(expected).length) return version;
    }
    throw new Error(`slot ${slot} is not whole: ${names}`);
  }

  running(): Slot {
    return /slot=(.)/.exec(readFileSync(this.layout.commandLine, "utf8"))![1] as Slot;
  }

  configured(): Slot | null {
    return configuredSlot(readFileSync(join(this.layout.boot, "config.txt"), "utf8"));
  }

  // ---- Machine

  async boxStatus(): Promise<Status | null> {
    return this.status;
  }
  async service(): Promise<Service> {
    return this.present;
  }
  hasNetwork(): boolean {
    return this.network;
  }
  async freeBytes(): Promise<number> {
    return this.bootFree;
  }
  async partitionBytes(path: string): Promise<number> {
    return statSync(path).size;
  }
  async forgetCached(path: string): Promise<void> {
    this.onRead(path);
  }
  async setAccess(_: string, access: Access): Promise<void> {
    this.isWritable = access !== "read-only";
  }
  noTrial(): string | null {
    return this.cannotTry;
  }
  async reboot(how: "trial" | "plain"): Promise<void> {
    this.asked = how;
  }

  #fill(slot: Slot, { root, boot }: System): void {
    put(this.layout.root[slot], root);
    truncateSync(this.layout.root[slot], partitionBytes);
    const folder = join(this.layout.boot, slotFolder(slot));
    for (const [name, contents] of Object.entries(boot)) put(join(folder, name), contents);
    writeFileSync(join(folder, "cmdline.txt"), commandLine(boot, slot));
  }

  #start(slot: Slot): void {
    const version = this.systemIn(slot);
    this.asked = null;
    this.isWritable = false;
    this.present = { isActive: true, startedAt: "1", restarts: 0 };
    this.status = idleStatus();
    put(
      this.layout.commandLine,
      commandLine(this.systems.find((each) => each.version === version)!.boot, slot),
    );
    put(this.layout.osRelease, `NAME=Debian\nIMAGE_VERSION="${version}"\n`);
  }
}

function commandLine(boot: System["boot"], slot: Slot): string {
  return `${boot["cmdline.txt"]!.toString().trim()} plugjam.slot=${slot}\n`;
}

function put(path: string, contents: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

/** Of a box that nobody plays on, with a sound card. */
export function idleStatus(): Status {
  const box = new FakeBox();
  box.state = "idle";
  const status = box.status();
  return { ...status, audio: { ...status.audio, state: "running" } };
}

export function connectedStatus(): Status {
  const status = idleStatus();
  return { ...status, connection: { ...status.connection, state: "connected" } };
}
