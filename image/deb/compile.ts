// Compiles what is native for a processor: our addon and the three of the libraries. In copies, since a build folder in the
// tree is this machine's own.

import { cpSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { BuildError, run } from "../build/step.js";
import type { Processor } from "./processors.js";
import { targetFolder } from "./target-files.js";

export interface Native {
  readonly addon: string;
  readonly virtualCard: string;
  readonly epoll: string;
  readonly i2c: string;
  readonly opus: string;
}

/** Debian 13's. */
const newestGlibc = 41;

/** `work` must lie in the tree, for the modules that the sources ask for are found from there. */
export async function compile(tree: string, work: string, processor: Processor): Promise<Native> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const inWork = (name: string) => path.join(work, name);
  const copy = (from: string, to: string) =>
    cpSync(path.join(tree, from), inWork(to), {
      recursive: true,
      filter: (source) => !/\/(build[^/]*|prebuild)$/.test(source),
    });
  copy("native", "native");
  copy("test/bench/load", "test/bench/load");
  for (const name of ["epoll", "i2c-bus", "@discordjs/opus"]) copy(`node_modules/${name}`, name);
  const build = nodeGyp(tree, work, processor);
  await build("native", [], ["plugjam", "asound_module_pcm_plugjam"]);
  await build("epoll", []);
  await build("i2c-bus", []);
  await build("@discordjs/opus", [
    "--module_name=opus",
    `--module_path=${inWork("@discordjs/opus/out")}`,
    "--napi_build_version=3",
  ]);
  const made: Native = {
    addon: inWork("native/build/Release/plugjam.node"),
    virtualCard: inWork("native/build/Release/libasound_module_pcm_plugjam.so"),
    epoll: inWork("epoll/build/Release/epoll.node"),
    i2c: inWork("i2c-bus/build/Release/i2c.node"),
    opus: inWork("@discordjs/opus/out/opus.node"),
  };
  for (const file of Object.values(made)) {
    await run(`${processor.triplet}-strip`, ["--strip-unneeded", "--remove-section=.comment", file]);
  }
  return made;
}

function nodeGyp(tree: string, work: string, processor: Processor) {
  const { triplet } = processor;
  const target = path.join(targetFolder(processor.debian), "usr");
  // No folder of this machine in what is compiled, so that the same comes out everywhere.
  const flags = [...processor.flags, `-ffile-prefix-map=${work}=.`, `-ffile-prefix-map=${target}=/usr`];
  const compiled = [...flags, "-fstack-protector-strong", `-I${target}/include`].join(" ");
  const env = {
    CC: `${triplet}-gcc`,
    CXX: `${triplet}-g++`,
    LINK: `${triplet}-g++`,
    AR: `${triplet}-ar`,
    CPPFLAGS: "-D_FORTIFY_SOURCE=2",
    CFLAGS: compiled,
    CXXFLAGS: compiled,
    LDFLAGS: `-L${target}/lib/${triplet} -Wl,-z,relro -Wl,-z,now`,
    JOBS: process.env.JOBS ?? "max",
  };
  const program = path.join(tree, "node_modules/node-gyp/bin/node-gyp.js");
  return (folder: string, more: readonly string[], targets: readonly string[] = []) => {
    const options = [`--arch=${processor.node}`, `--nodedir=${target}`, "--silent", ...more];
    return run(process.execPath, [program, "configure", "build", ...targets, ...options], {
      cwd: path.join(work, folder),
      env,
    });
  };
}

/** What the C library must be at least, as Debian writes it. Throws where that is newer than Debian 13's. */
export async function neededGlibc(native: Native, { triplet }: Processor): Promise<string> {
  const symbols = await run(`${triplet}-objdump`, ["-T", ...Object.values(native)]);
  const minors = [...symbols.matchAll(/\bGLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  const newest = Math.max(...minors);
  if (newest > newestGlibc)
    throw new BuildError(
      `This machine's C library makes programs for glibc 2.${newest}, and Debian 13 has 2.${newestGlibc}: build on Debian 13 or older.`,
    );
  return `2.${newest}`;
}
