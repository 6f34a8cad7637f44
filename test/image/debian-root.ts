// A Debian 13 of this machine's own processor in a folder, to install packages in. Needs root.

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cacheFolder, sources, suite } from "../../image/build/debian.js";
import { run } from "../../image/build/step.js";

export class DebianRoot {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** With these packages and what they depend on. The first time takes a minute. */
  static async make(packages: readonly string[]): Promise<DebianRoot> {
    const folder = mkdtempSync(path.join(tmpdir(), "plugjam-debian-"));
    await run("tar", ["-C", folder, "-xf", await archive(packages)]);
    await run("mount", ["-t", "proc", "proc", path.join(folder, "proc")]);
    return new DebianRoot(folder);
  }

  /** Runs a command in there. */
  run(command: string, ...args: readonly string[]): SpawnSyncReturns<string> {
    const env = {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      LC_ALL: "C.UTF-8",
      DEBIAN_FRONTEND: "noninteractive",
    };
    return spawnSync("chroot", [this.folder, command, ...args], {
      encoding: "utf8",
      env,
      maxBuffer: 2 ** 26,
    });
  }

  /** The same, where anything but success is a surprise. */
  output(command: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = this.run(command, ...args);
    if (status !== 0) throw new Error(`${[command, ...args].join(" ")}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  }

  inside(name: string): string {
    return path.join(this.folder, name);
  }

  /** The path of all that lies in there, save in what is in memory on a real machine. */
  files(within = ""): string[] {
    return readdirSync(this.inside(within), { withFileTypes: true }).flatMap((entry) => {
      const name = path.join(within, entry.name);
      const goesOn = entry.isDirectory() && name !== "proc" && name !== "run";
      return goesOn ? [name, ...this.files(name)] : [name];
    });
  }

  async remove(): Promise<void> {
    await run("umount", [this.inside("proc")]);
    rmSync(this.folder, { recursive: true });
  }
}

/** Kept between runs. */
async function archive(packages: readonly string[]): Promise<string> {
  const key = createHash("sha256").update(packages.join()).digest("hex").slice(0, 16);
  const kept = path.join(cacheFolder(), `debian-${process.arch}-${key}.tar`);
  if (existsSync(kept)) return kept;
  const fresh = `${kept}.${process.pid}.tar`;
  const options = ["--quiet", "--variant=apt", `--include=${packages.join(",")}`];
  const lean = ["doc", "man", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const apt = '--aptopt=APT::Install-Recommends "false"';
  try {
    await run("mmdebstrap", [...options, ...lean, apt, suite, fresh, ...(await sources())]);
    renameSync(fresh, kept);
  } finally {
    rmSync(fresh, { force: true });
  }
  return kept;
}
