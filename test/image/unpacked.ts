// Programs of Debian packages that a test runs and nobody should have to install, such as an SSH server: unpacked in a folder.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../image/build/debian.js";
import { run } from "../../image/build/step.js";

export interface Unpacked {
  /** The path of one of their programs. */
  program(name: string): string;
  /** What the programs need to find their libraries. */
  readonly env: Readonly<Record<string, string>>;
}

/** These packages, and what they depend on as far as it is not on this machine. Kept between runs. Needs root, as apt does. */
export async function unpacked(packages: readonly string[]): Promise<Unpacked> {
  const folder = await files(packages);
  const places = ["usr/sbin", "usr/bin", "sbin", "bin"];
  const libraries = ["usr/lib", "lib"].flatMap((lib) => {
    const all = path.join(folder, lib);
    return existsSync(all) ? readdirSync(all).map((name) => path.join(all, name)) : [];
  });
  return {
    program(name) {
      const found = places.map((place) => path.join(folder, place, name)).find(existsSync);
      if (found === undefined) throw new Error(`no ${name} in ${packages.join(", ")}`);
      return found;
    },
    env: { LD_LIBRARY_PATH: libraries.join(path.delimiter) },
  };
}

async function files(packages: readonly string[]): Promise<string> {
  const key = createHash("sha256").update(packages.join()).digest("hex").slice(0, 16);
  const kept = path.join(cacheFolder(), `unpacked-${process.arch}-${key}`);
  if (existsSync(kept)) return kept;
  const draft = mkdtempSync(`${kept}.`);
  try {
    mkdirSync(path.join(draft, "debs/partial"), { recursive: true });
    const options = ["--quiet", "--yes", "--download-only", "--no-install-recommends", "--reinstall"];
    const into = ["-o", `Dir::Cache::archives=${path.join(draft, "debs")}`];
    await run("apt-get", [...options, ...into, "install", ...packages]);
    const debs = readdirSync(path.join(draft, "debs")).filter((name) => name.endsWith(".deb"));
    for (const deb of debs) {
      await run("dpkg-deb", ["--extract", path.join(draft, "debs", deb), path.join(draft, "root")]);
    }
    renameSync(path.join(draft, "root"), kept);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return kept;
}
