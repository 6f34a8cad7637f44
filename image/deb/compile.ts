// Compiles what is native for a processor: our addon and the three of the libraries. In copies, since a build folder in the
// tree is this machine's own.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
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

export interface Compiled {
  readonly native: Native;
  /** Nothing had changed since the last time. */
  readonly kept: boolean;
}

/** `work` must lie in the tree, for the modules that the sources ask for are found from there. */
export async function compile(tree: string, work: string, processor: Processor): Promise<Compiled> {
  const native = outputsIn(work);
  const stamp = path.join(work, "made-from");
  const state = await stateOf(tree, processor);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return { native, kept: true };
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const inWork = (name: string) => path.join(work, name);
  const copy = (from: string, to: string) =>
    cpSync(path.join(tree, from), inWork(to), {
      recursive: true,
      filter: (source) => !/\/(build|build-[^/]*|prebuild)$/.test(source),
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
  for (const file of Object.values(native))
    await run(`${processor.triplet}-strip`, ["--strip-unneeded", "--remove-section=.comment", file]);
  writeFileSync(stamp, state);
  return { native, kept: false };
}

function outputsIn(work: string): Native {
  const inWork = (name: string) => path.join(work, name);
  return {
    addon: inWork("native/build/Release/plugjam.node"),
    virtualCard: inWork("native/build/Release/libasound_module_pcm_plugjam.so"),
    epoll: inWork("epoll/build/Release/epoll.node"),
    i2c: inWork("i2c-bus/build/Release/i2c.node"),
    opus: inWork("@discordjs/opus/out/opus.node"),
  };
}

/** Of all that the outcome depends on. */
async function stateOf(tree: string, processor: Processor): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify(processor));
  hash.update(await run(`${processor.triplet}-g++`, ["--version"]));
  for (const name of ["package-lock.json", ...sourcesBelow(tree, "native"), ourselves]) {
    hash.update(name).update(readFileSync(path.resolve(tree, name)));
  }
  return hash.digest("hex");
}

const ourselves = fileURLToPath(import.meta.url);

function sourcesBelow(tree: string, within: string): string[] {
  return readdirSync(path.join(tree, within), { withFileTypes: true })
    .flatMap((entry) => {
      const name = path.join(within, entry.name);
      if (!entry.isDirectory()) return [name];
      return /^(build.*|test)$/.test(entry.name) ? [] : sourcesBelow(tree, name);
    })
    .sort();
}

function nodeGyp(tree: string, work: string, processor: Processor) {
  const { triplet } = processor;
  const target = path.join(targetFolder(processor.debian), "usr");
  // No folder of this machine in what is compiled, so that the same comes out everywhere.
  const maps = [`${work}=.`, `${tree}=.`, `${target}=/usr`].map((map) => `-ffile-prefix-map=${map}`);
  const flags = [...processor.flags, ...maps];
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
    // By the environment, since what npm has put there from its user's settings would outdo the command line.
    npm_config_arch: processor.node,
    npm_config_nodedir: target,
  };
  const program = path.join(tree, "node_modules/node-gyp/bin/node-gyp.js");
  return (folder: string, more: readonly string[], targets: readonly string[] = []) => {
    return run(process.execPath, [program, "configure", "build", ...targets, "--silent", ...more], {
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
