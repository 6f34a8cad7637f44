// Debian packages that only a bench needs, installed when it runs.

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The program is there when this resolves to true. False: it cannot be had here; `progress` hears why. */
export async function has(
  program: string,
  debianPackage: string,
  progress: (line: string) => void,
): Promise<boolean> {
  if (await isThere(program)) return true;
  progress(`installing Debian's ${debianPackage}, which only this bench needs`);
  try {
    const install = ["apt-get", "install", "--yes", "--no-install-recommends", debianPackage];
    const [command = "", ...args] = process.getuid?.() === 0 ? install : ["sudo", "-n", ...install];
    await run(command, args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
  } catch (error) {
    const [why] = String(error).split("\n");
    progress(`goes on without ${debianPackage}: ${why}`);
  }
  return isThere(program);
}

async function isThere(program: string): Promise<boolean> {
  try {
    await run("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
