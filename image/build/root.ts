// The root file system of a slot: Debian's base, Plugjam's package, the files of image/rootfs, and nothing for which a box has no use.

import { existsSync } from "node:fs";
import path from "node:path";
import type { Base } from "./base.js";
import { suite } from "./debian.js";
import { run } from "./step.js";

/** Debian's packages for installing packages: a slot is replaced as a whole. Perl goes with them. */
const uselessPackages = [
  "adduser",
  "apt",
  "debconf",
  "debian-archive-keyring",
  "libapt-pkg7.0",
  "perl-base",
  "sqv",
  "libdebconfclient0",
];

const uselessFiles = [
  // What was put on the boot partition, or only serves to put it there.
  "boot/*",
  "usr/lib/linux-image-*",
  "usr/lib/raspi-firmware",
  "etc/kernel",
  "etc/initramfs",
  "usr/share/initramfs-tools",
  // Kernel modules of other machines' hardware.
  ...[
    "drivers/infiniband",
    "drivers/gpu/drm/amd",
    "drivers/gpu/drm/nouveau",
    "drivers/gpu/drm/radeon",
    "drivers/gpu/drm/i915",
    "drivers/gpu/drm/xe",
    "drivers/gpu/drm/msm",
    "drivers/media/dvb-frontends",
    "drivers/media/pci",
    "drivers/net/ethernet/mellanox",
    "drivers/net/ethernet/intel",
    "drivers/net/ethernet/chelsio",
    "drivers/net/ethernet/qlogic",
    "drivers/net/ethernet/broadcom/bnx2x",
    "drivers/net/ethernet/broadcom/bnxt",
    "drivers/net/wireless/intel",
    "drivers/scsi/*/",
    "drivers/accel",
    "fs/ocfs2",
    "fs/btrfs",
    "fs/xfs",
    "fs/gfs2",
    "fs/bcachefs",
    "fs/ceph",
    "fs/smb",
    "fs/f2fs",
    "fs/jfs",
    "fs/nilfs2",
  ].map((name) => `usr/lib/modules/*/kernel/${name}`),
  // Keys that every box would share.
  "etc/ssh/ssh_host_*",
  "etc/machine-id",
  "var/lib/dbus/machine-id",
  // Made anew where they are wanted.
  "var/cache/*",
  "var/lib/apt",
  "var/log/*",
  "etc/cron.daily",
  "etc/resolv.conf",
  "etc/hostname",
  "usr/share/plugjam-unpacked",
  "usr/share/bash-completion",
  "usr/share/zsh",
  "usr/share/alsa/speaker-test",
  "usr/share/sounds",
  // Consoles ask for a password that nobody has; the card's partitions are ours to mount.
  "usr/lib/systemd/system-generators/systemd-getty-generator",
  "usr/lib/systemd/system-generators/systemd-gpt-auto-generator",
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
  "usr/share/info",
  "usr/share/lintian",
];

/** Units that nothing here needs, most of which a box would start at each boot. */
const uselessUnits = [
  // File systems and modules for debugging, virtual memory, other architectures' programs, screens.
  "dev-hugepages.mount",
  "dev-mqueue.mount",
  "proc-sys-fs-binfmt_misc.automount",
  "sys-fs-fuse-connections.mount",
  "sys-kernel-config.mount",
  "sys-kernel-debug.mount",
  "sys-kernel-tracing.mount",
  "modprobe@configfs.service",
  "modprobe@drm.service",
  "modprobe@efi_pstore.service",
  "modprobe@fuse.service",
  "kmod-static-nodes.service",
  "systemd-tmpfiles-setup-dev-early.service",
  // The root file system is complete, and read-only.
  "ldconfig.service",
  "systemd-hwdb-update.service",
  "systemd-journal-catalog-update.service",
  "systemd-journal-flush.service",
  "systemd-remount-fs.service",
  "systemd-sysusers.service",
  "systemd-update-done.service",
  // Nobody is asked for a password; nothing is passed in by a virtual machine's host, or extends the system.
  "systemd-ask-password-console.path",
  "systemd-ask-password-wall.path",
  "systemd-creds.socket",
  "systemd-initctl.socket",
  "systemd-network-generator.service",
  "systemd-networkd-persistent-storage.service",
  "systemd-sysext.socket",
  "systemd-udev-load-credentials.service",
];

export interface RootParts {
  readonly base: Base;
  readonly kernelVersion: string;
  /** A folder of kernel modules that Debian's kernel lacks. */
  readonly modules: string;
  /** Plugjam's own, for arm64. */
  readonly debianPackage: string;
  /** The tree's image/rootfs. */
  readonly files: string;
  /** dist/image: compiled programs that run beside the product. */
  readonly programs: string;
  /** For /etc/os-release; the updater compares it. */
  readonly imageVersion: string;
  readonly epoch: number;
  readonly work: string;
  readonly output: string;
}

/** Writes the squashfs. */
export async function makeRoot(parts: RootParts): Promise<void> {
  const { base, debianPackage, files, programs, work, output, epoch } = parts;
  const hooks = [
    `upload "${debianPackage}" /plugjam.deb`,
    inRoot("dpkg --install /plugjam.deb"),
    'rm "$1/plugjam.deb"',
    layOver(files, ""),
    `install -D --mode=644 --target-directory="$1/usr/lib/modules/${parts.kernelVersion}/updates" "${parts.modules}"/*.ko`,
    ...["provision", "update"]
      .filter((name) => existsSync(path.join(programs, name)))
      .map((name) => layOver(path.join(programs, name), `usr/lib/plugjam/dist/image/${name}`)),
    `printf 'IMAGE_ID=plugjam\\nIMAGE_VERSION="%s"\\n' "${parts.imageVersion}" >>"$1/usr/lib/os-release"`,
    // A box is ready without a name service or the right time: whoever needs them, waits for them.
    ...["systemd-resolved", "systemd-timesyncd"].map(
      (unit) =>
        `sed --in-place --expression "/^Before=/s/ \\(sysinit\\|network\\)[.]target//g; /^Before=/s/=sysinit[.]target/=/; s/^WantedBy=sysinit[.]target/WantedBy=multi-user.target/" "$1/usr/lib/systemd/system/${unit}.service"; rm -f "$1/etc/systemd/system/sysinit.target.wants/${unit}.service"`,
    ),
    inRoot(
      `systemctl preset-all; systemctl set-default multi-user.target; systemctl mask ${uselessUnits.join(" ")}`,
    ),
    inRoot(
      `dpkg --listfiles ${uselessPackages.join(" ")} | sort --unique | while IFS= read -r file; do if [ -f "$file" ] || [ -L "$file" ]; then printf "%s\\n" "$file"; fi; done | xargs --no-run-if-empty --delimiter="\\n" rm --`,
    ),
    `rm -rf ${uselessFiles.map((pattern) => `"$1"/${pattern}`).join(" ")}`,
    'find "$1/var/lib/dpkg" -mindepth 1 -maxdepth 1 ! -name status -exec rm -r {} +',
    // The root is compressed as a whole: undoing xz, module by module, kept a boot busy.
    'find "$1/usr/lib/modules" -name "*.ko.xz" -print0 | xargs -0 -n 100 -P 4 unxz',
    `depmod --basedir "$1" ${parts.kernelVersion}`,
    'mkdir -p "$1/boot/firmware" "$1/data"; : >"$1/etc/machine-id"; touch "$1/etc/.updated" "$1/var/.updated"; ln -s ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"',
  ];
  const tar = path.join(work, "root.tar");
  await run(
    "mmdebstrap",
    [
      "--variant=custom",
      "--architectures=arm64",
      "--skip=update,cleanup/apt",
      `--setup-hook=tar --directory "$1" --extract --file "${base.tar}"`,
      ...hooks.map((hook) => `--customize-hook=${hook}`),
      suite,
      tar,
      "deb file:/nowhere nothing main",
    ],
    { env: { SOURCE_DATE_EPOCH: String(epoch) } },
  );
  await run(
    "sh",
    [
      "-c",
      'sqfstar "$@" <"$0"',
      tar,
      "-comp",
      "zstd",
      "-no-progress",
      "-quiet",
      output,
      // mmdebstrap itself takes its leave of that folder last.
      "etc/apt",
    ],
    {
      env: { SOURCE_DATE_EPOCH: String(epoch) },
    },
  );
}

const inRoot = (command: string): string => `chroot "$1" sh -ec '${command}'`;

/** Whatever the modes in the working tree are: everybody reads, root alone writes. */
const layOver = (folder: string, to: string): string =>
  `mkdir -p "$1/${to}" && tar --directory "${folder}" --exclude "*.map" --owner 0 --group 0 --mode u=rwX,go=rX --create . | tar --directory "$1/${to}" --extract --no-overwrite-dir`;
