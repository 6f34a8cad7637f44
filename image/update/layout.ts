// Where everything is on a box; a test has it all in a folder of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultSocket } from "../../src/config/default-socket.js";
import { updateStatusPath } from "../../src/system/update-watch.js";
import type { Slot } from "./slot.js";

export interface Layout {
  /** The mounted FAT partition. */
  readonly boot: string;
  /** The partition with the root file system of a slot. */
  readonly root: Readonly<Record<Slot, string>>;
  /** The updater's own folder on the data partition. */
  readonly memory: string;
  readonly keys: string;
  readonly url: string;
  readonly commandLine: string;
  readonly osRelease: string;
  /** What the updater is at, for whoever wants to know. */
  readonly status: string;
  /** The box's control socket. */
  readonly socket: string;
}

/** Null: there is no FAT partition, or it is not the first of its disk: this machine was not written from an image. */
export function boxLayout(root = "/"): Layout | null {
  const boot = "/boot/firmware";
  const device = mountedDevice(readFileSync(join(root, "proc/self/mounts"), "utf8"), boot);
  const disk = device === null ? null : /^(.*\D)1$/.exec(device)?.[1];
  if (!disk) return null;
  return {
    boot: join(root, boot),
    root: { a: join(root, `${disk}2`), b: join(root, `${disk}3`) },
    memory: join(root, "data/update"),
    keys: join(root, "data/provision/update-keys"),
    url: join(root, "data/provision/update-url"),
    commandLine: join(root, "proc/cmdline"),
    osRelease: join(root, "etc/os-release"),
    status: join(root, updateStatusPath),
    socket: defaultSocket,
  };
}

/** As /proc/self/mounts tells it; the last mount is the one on top. */
function mountedDevice(mounts: string, folder: string): string | null {
  const lines = mounts.split("\n").map((line) => line.split(" "));
  return lines.findLast(([, where]) => where === folder)?.[0] ?? null;
}
