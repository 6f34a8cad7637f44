// Debian's archive: which release, from which mirror, and where what is made of it is kept between builds.

import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { run } from "./step.js";

export const suite = "trixie";
const components = ["main", "non-free-firmware"];

export function cacheFolder(): string {
  const folder = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache"), "plugjam");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** For mmdebstrap: the mirror that this machine's own apt uses, where that is Debian's archive; else its own choice. */
export async function sources(): Promise<string[]> {
  const format = "$(ORIGIN)|$(LABEL)|$(REPO_URI)";
  const text = await run("apt-get", ["indextargets", "--format", format, "Created-By: Packages"]).catch(
    () => "",
  );
  const archives = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [origin, label, uri] = line.split("|");
    if (origin === "Debian" && label && uri) archives.set(label, uri);
  }
  const main = archives.get("Debian");
  const security = archives.get("Debian-Security");
  if (main === undefined || security === undefined) return [`--components=${components.join(",")}`];
  const names = components.join(" ");
  return [`deb ${main} ${suite} ${names}`, `deb ${security} ${suite}-security ${names}`];
}
