// The base of the image: Debian 13 for arm64, with kernel and firmware, as a tar file that is kept between builds.

import { createHash } from "node:crypto";
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { cacheFolder, sources, suite } from "./debian.js";
import { BuildError, run } from "./step.js";

/** Installed with all they depend on, without what they recommend. */
const packages = [
  // systemd and what it starts
  "systemd-sysv",
  "systemd-resolved",
  // without it, systemd-resolved takes no host name for one, and by mDNS every box is "linux.local"
  "libidn2-0",
  "systemd-timesyncd",
  "udev",
  "dbus",
  "kmod",
  // CONNECT held for 8 s switches the box off: plugjam's user may ask systemd to
  "polkitd",
  // the network
  "iproute2",
  "wpasupplicant",
  "wireless-regdb",
  "nftables",
  "wireguard-tools",
  "openssh-server",
  "ca-certificates",
  // what plugjam runs on
  "nodejs",
  "libasound2t64",
  "alsa-utils",
  // the data partition
  "fdisk",
  "e2fsprogs",
  // the initrd
  "busybox-static",
];

/** Unpacked only: their scripts would build an initrd and fill a boot partition, which this build does in its own way. */
const unpackedPackages = ["raspi-firmware", "firmware-brcm80211"];
const kernelPackage = "linux-image-rt-arm64";

const unwanted = ["doc", "man", "locale", "info", "lintian", "bug", "bash-completion", "zoneinfo"];

/** What udev would call devices in full, which nobody reads; making one file of it takes an emulated processor a minute. */
const unwantedFiles = ["/usr/lib/udev/hwdb.d/*"];

const kernelHook = `set -e
cd "$(mktemp -d)"
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
kernel=$(apt-cache depends --important ${kernelPackage} | sed -n 's/.*Depends: \\(linux-image-[0-9].*\\)/\\1/p')
apt-get --quiet download "$kernel" ${unpackedPackages.join(" ")}
for package in *.deb; do dpkg-deb --extract "$package" "$1"; dpkg-deb --field "$package" Package Version >>"$1/usr/share/plugjam-unpacked"; done
rm -r "$PWD"
depmod --basedir "$1" "\${kernel#linux-image-}"`;

const options = [
  "--variant=apt",
  "--architectures=arm64",
  `--include=${packages.join(",")}`,
  '--aptopt=APT::Install-Recommends "false"',
  ...unwanted.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
  ...unwantedFiles.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
  `--customize-hook=${kernelHook}`,
];

/** Debian's security updates should not wait for longer. */
const keptDays = 7;

export interface Base {
  readonly tar: string;
  /** Null: made just now. */
  readonly ageDays: number | null;
}

/** Takes minutes the first time: thousands of files are unpacked, and the packages' scripts run on an emulated processor. */
export async function debianBase(epoch: number): Promise<Base> {
  const key = createHash("sha256")
    .update(JSON.stringify([suite, options]))
    .digest("hex")
    .slice(0, 16);
  const tar = path.join(cacheFolder(), `debian-arm64-${key}.tar`);
  if (existsSync(tar)) {
    const ageDays = (Date.now() - statSync(tar).mtimeMs) / 86_400_000;
    if (ageDays < keptDays) return { tar, ageDays };
  }
  await requireArm64();
  const fresh = `${tar}.${process.pid}.tar`;
  try {
    await run("mmdebstrap", [...options, suite, fresh, ...(await sources())], {
      env: { SOURCE_DATE_EPOCH: String(epoch) },
    });
    renameSync(fresh, tar);
  } finally {
    rmSync(fresh, { force: true });
  }
  return { tar, ageDays: null };
}

/** The packages' scripts are arm64 programs: the kernel must know whom to ask to run them. */
async function requireArm64(): Promise<void> {
  const known = await run("arch-test", ["arm64"]).catch(() => null);
  if (known !== null) return;
  throw new BuildError("This machine cannot run arm64 programs yet. Run as root: node src/setup.mjs image");
}
