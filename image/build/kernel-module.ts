// Kernel modules that Debian's kernel lacks, compiled for it by Debian's own compiler, in a system made for that and thrown away.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { cacheFolder, sources, suite } from "./debian.js";
import { run } from "./step.js";

export interface ModuleParts {
  /** A folder with a Kbuild file, and the sources that it names. */
  readonly source: string;
  readonly kernelVersion: string;
  /** More of Debian's packages, such as the kernel's sources; only unpacked, without what they depend on. */
  readonly packages?: readonly string[];
  /** Shell, run in that system where the folder's files are, before they are compiled. */
  readonly prepare?: string;
}

/** Gives a folder with the .ko files. It is kept: the first time takes a minute or two. */
export async function kernelModules({
  source,
  kernelVersion,
  packages = [],
  prepare = "true",
}: ModuleParts): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([kernelVersion, packages, prepare]));
  for (const name of readdirSync(source).sort())
    hash.update(name).update(readFileSync(path.join(source, name)));
  const kept = path.join(cacheFolder(), `modules-${kernelVersion}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(kept)) return kept;
  const fresh = `${kept}.${process.pid}`;
  mkdirSync(fresh);
  const headers = `linux-headers-${kernelVersion}`;
  const make = `make -s -C /usr/src/${headers} M=/module ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- modules`;
  const native = (await run("dpkg", ["--print-architecture"])).trim();
  try {
    await run("mmdebstrap", [
      "--variant=apt",
      `--architectures=${[...new Set([native, "arm64"])].join(",")}`,
      `--include=make,xz-utils,${headers}:arm64`,
      '--aptopt=APT::Install-Recommends "false"',
      ...packages.map((name) => `--customize-hook=${unpack(name)}`),
      `--customize-hook=mkdir "$1/module" && cp "${source}"/* "$1/module"`,
      `--customize-hook=chroot "$1" sh -ec 'cd /module; ${prepare}; ${make}'`,
      `--customize-hook=cp "$1"/module/*.ko "${fresh}"`,
      suite,
      "/dev/null",
      ...(await sources()),
    ]);
    renameSync(fresh, kept);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}

/** A hook: outside of the system that is made, where apt has a network. */
const unpack = (name: string): string =>
  `cd "$(mktemp -d)" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --quiet download ${name} && dpkg-deb --extract *.deb "$1" && rm -r "$PWD"`;
