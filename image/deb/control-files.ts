// What dpkg is told of the package: its control file, check sums, and the scripts that it runs.

import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface Facts {
  readonly version: string;
  readonly architecture: string;
  /** The least that the native parts need. */
  readonly glibc: string;
}

/** Whoever publishes a package says by Debian's usual variables who answers for it. */
const { DEBFULLNAME = "The Plugjam authors", DEBEMAIL = "plugjam@example.org" } = process.env;
export const maintainer = `${DEBFULLNAME} <${DEBEMAIL}>`;

const description = `jam box: one button, and people in different rooms play together
 Plugjam joins a Jamulus server with a sound card, two buttons, three lights
 and a little display, and says whether the server records. It can also be
 the server, with a recorder and a directory of its own.`;

/** `root`: what the package puts on a machine; DEBIAN is added to it. `scripts`: the folder of maintainer scripts. */
export function writeControl(root: string, scripts: string, facts: Facts): void {
  const files = filesBelow(root, "").sort();
  const kilobytes = files.reduce(
    (sum, file) => sum + Math.ceil(statSync(path.join(root, file)).size / 1024),
    0,
  );
  const folder = path.join(root, "DEBIAN");
  mkdirSync(folder);
  for (const name of readdirSync(scripts)) {
    cpSync(path.join(scripts, name), path.join(folder, name));
    chmodSync(path.join(folder, name), 0o755);
  }
  const write = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    chmodSync(path.join(folder, name), 0o644);
  };
  write("control", control(facts, kilobytes));
  write(
    "conffiles",
    files
      .filter((file) => file.startsWith("etc/"))
      .map((file) => `/${file}\n`)
      .join(""),
  );
  const md5 = (file: string) =>
    createHash("md5")
      .update(readFileSync(path.join(root, file)))
      .digest("hex");
  write(
    "md5sums",
    files
      .filter((file) => !file.startsWith("etc/"))
      .map((file) => `${md5(file)}  ${file}\n`)
      .join(""),
  );
  chmodSync(folder, 0o755);
}

/** Node 20 alone: what is compiled for its inner interfaces (nan) fits no other. */
function control({ version, architecture, glibc }: Facts, kilobytes: number): string {
  const depends = [
    "nodejs (>= 20)",
    "nodejs (<< 21~)",
    "libasound2t64 | libasound2",
    `libc6 (>= ${glibc})`,
    "libgcc-s1",
    "libstdc++6 (>= 12)",
    "iproute2",
    "systemd",
    "udev",
  ];
  return `Package: plugjam
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${kilobytes}
Depends: ${depends.join(", ")}
Recommends: dbus, polkitd
Suggests: wireguard-tools
Section: sound
Priority: optional
Homepage: https://jamulus.io
Description: ${description}
`;
}

function filesBelow(folder: string, within: string): string[] {
  return readdirSync(path.join(folder, within), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(within, entry.name);
    return entry.isDirectory() ? filesBelow(folder, name) : [name];
  });
}
