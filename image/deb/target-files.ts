// Headers and libraries of Debian 13 for a processor, unpacked into a folder that is kept between builds.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder, sources, suite } from "../build/debian.js";
import { BuildError, run } from "../build/step.js";

/** Node's own headers too: what is compiled with them fits the Node that Debian 13 has, whatever Node runs the build. */
const packages = ["libasound2-dev", "libasound2t64", "libnode-dev", "libuv1-dev"];

export const targetFolder = (processor: string) => path.join(cacheFolder(), `${suite}-${processor}-headers`);

/** False: they were there. */
export async function fetchTargetFiles(processor: string): Promise<boolean> {
  const folder = targetFolder(processor);
  if (existsSync(folder)) return false;
  const draft = `${folder}.${process.pid}`;
  try {
    const apt = await privateApt(path.join(draft, "apt"), processor);
    await apt("update");
    const debs = path.join(draft, "debs");
    mkdirSync(debs);
    await apt("download", ...packages);
    for (const deb of readdirSync(debs))
      await run("dpkg-deb", ["--extract", path.join(debs, deb), path.join(draft, "root")]);
    renameSync(path.join(draft, "root"), folder);
    return true;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** An apt that knows Debian 13 for this processor alone, and leaves this machine's own as it is. */
async function privateApt(root: string, processor: string) {
  for (const name of [
    "etc/apt",
    "var/lib/apt/lists/partial",
    "var/cache/apt/archives/partial",
    "var/lib/dpkg",
  ])
    mkdirSync(path.join(root, name), { recursive: true });
  writeFileSync(path.join(root, "var/lib/dpkg/status"), "");
  writeFileSync(path.join(root, "etc/apt/sources.list"), await signedSources());
  const options = {
    Dir: root,
    "Dir::State::status": path.join(root, "var/lib/dpkg/status"),
    "APT::Architecture": processor,
    "APT::Architectures": processor,
    "APT::Sandbox::User": "",
  };
  const words = Object.entries(options).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  return (...command: string[]) =>
    run("apt-get", [...words, ...command], {
      cwd: path.join(root, command[0] === "download" ? "../debs" : ""),
    });
}

async function signedSources(): Promise<string> {
  const lines = (await sources()).filter((line) => line.startsWith("deb "));
  if (lines.length === 0)
    throw new BuildError("The packages are built on Debian; this machine's apt knows no Debian archive.");
  const keys = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";
  return lines.map((line) => `${line.replace("deb ", `deb ${keys} `)}\n`).join("");
}
