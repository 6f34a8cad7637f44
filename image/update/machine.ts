// What an update asks of the machine it runs on; a test answers in its place.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { readFile, stat, statfs } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";
import { ControlClient } from "../../src/control/control-client.js";
import type { Status } from "../../src/core/status.js";

const execute = promisify(execFile);

/** How the service manager sees the box. */
export interface Service {
  readonly isActive: boolean;
  /** Differs from one start to the next. */
  readonly startedAt: string;
  readonly restarts: number;
}

/**
 * "ordered": every change is on the medium before the next, so that a rename over another file writes the new entry before
 * it frees what the old one held. That is slow, cluster by cluster: large files want "fast", and a sync at their end.
 */
export type Access = "read-only" | "fast" | "ordered";

const mountOptions: Readonly<Record<Access, string>> = {
  "read-only": "ro",
  fast: "rw,async",
  ordered: "rw,sync",
};

export interface Machine {
  /** Null: it does not answer within some seconds. */
  boxStatus(socket: string): Promise<Status | null>;
  service(): Promise<Service>;
  /** It has an address that somebody gave it. */
  hasNetwork(): boolean;
  freeBytes(folder: string): Promise<number>;
  partitionBytes(path: string): Promise<number>;
  /** What is read of it from now on comes from the medium. */
  forgetCached(path: string): Promise<void>;
  setAccess(mountPoint: string, access: Access): Promise<void>;
  /** Null: this machine can boot a slot on trial; else why not. */
  noTrial(): string | null;
  /** Boots what tryboot.txt says, once, or what config.txt says. */
  reboot(how: "trial" | "plain"): Promise<void>;
}

const answerMs = 10_000;

export const thisMachine: Machine = {
  async boxStatus(socket) {
    const late = new Promise<null>((resolve) => setTimeout(resolve, answerMs, null).unref());
    return Promise.race([late, askBox(socket).catch(() => null)]);
  },

  async service() {
    const words = ["ActiveState", "ActiveEnterTimestampMonotonic", "NRestarts"];
    const { stdout } = await execute("systemctl", [
      "show",
      "plugjam.service",
      ...words.map((word) => `-p${word}`),
    ]);
    const told = new Map(stdout.split("\n").map((line) => line.split("=", 2) as [string, string]));
    return {
      isActive: told.get("ActiveState") === "active",
      startedAt: told.get("ActiveEnterTimestampMonotonic") ?? "",
      restarts: Number(told.get("NRestarts") ?? 0),
    };
  },

  hasNetwork() {
    // A tunnel has its address whether or not it leads anywhere.
    const cards = Object.entries(networkInterfaces()).filter(([name]) => !name.startsWith("wg"));
    const addresses = cards.flatMap(([, each]) => each ?? []);
    // What a machine gives itself where nobody answers is no network.
    return addresses.some(({ internal, address }) => !internal && !/^(?:169\.254\.|fe80:)/i.test(address));
  },

  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },

  async partitionBytes(path) {
    const { size, rdev } = await stat(path);
    if (rdev === 0) return size;
    // makedev(3): eight of the minor's bits are the lowest, twelve of the major's follow.
    const [major, minor] = [(rdev >> 8) & 0xfff, (rdev & 0xff) | ((rdev >> 12) & 0xfff00)];
    return 512 * Number(await readFile(`/sys/dev/block/${major}:${minor}/size`, "utf8"));
  },

  async forgetCached(path) {
    await execute("blockdev", ["--flushbufs", path]);
  },

  async setAccess(mountPoint, access) {
    await execute("mount", ["-o", `remount,${mountOptions[access]}`, mountPoint]);
  },

  noTrial() {
    const model = "/proc/device-tree/model";
    const isPi = existsSync(model) && readFileSync(model, "utf8").startsWith("Raspberry Pi");
    if (!isPi || existsSync("/sys/module/plugjam_tryboot")) return null;
    return "This kernel cannot boot an update on trial: load its module plugjam_tryboot.";
  },

  async reboot(how) {
    const argument = how === "trial" ? ["--reboot-argument=0 tryboot"] : [];
    await execute("systemctl", ["reboot", ...argument]);
  },
};

async function askBox(socket: string): Promise<Status> {
  const box = await ControlClient.connect(socket);
  try {
    return await box.call("status", {});
  } finally {
    box.close();
  }
}
