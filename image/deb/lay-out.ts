// Lays out what the package puts on a machine, by path.

import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Native } from "./compile.js";
import { copyright } from "./copyright.js";
import type { Module } from "./modules.js";

export interface Parts {
  readonly tree: string;
  /** Where `/` of the target is, empty. */
  readonly root: string;
  readonly native: Native;
  readonly modules: readonly Module[];
  /** Debian's. */
  readonly changelog: string;
}

const product = "usr/lib/plugjam";
const documents = "usr/share/doc/plugjam";

export function layOut({ tree, root, native, modules, changelog }: Parts): void {
  const put = (from: string, to: string) => {
    mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
    cpSync(path.isAbsolute(from) ? from : path.join(tree, from), path.join(root, to), {
      recursive: true,
      filter: (source) => !/\.map$|\/\.plugjam-/.test(source),
    });
  };
  const write = (to: string, content: string | Buffer) => {
    mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
    writeFileSync(path.join(root, to), content);
  };
  const compressed = (text: string) => gzipSync(text, { level: 9 });

  put("image/deb/root", "");
  for (const name of ["package.json", "hardware/pinmap.json", "dist/src", "dist/voice"])
    put(name, `${product}/${name}`);
  withoutInterpreter(path.join(root, product, "dist/src/cli.js"));
  put(native.addon, `${product}/native/build/Release/plugjam.node`);
  put(native.virtualCard, `${product}/native/build/Release/libasound_module_pcm_plugjam.so`);

  for (const { folder, files } of modules)
    for (const file of files) put(path.join(folder, file), path.join(product, folder, file));
  const library = `${product}/node_modules`;
  put(native.epoll, `${library}/epoll/build/Release/epoll.node`);
  put(native.i2c, `${library}/i2c-bus/build/Release/i2c.node`);
  put(native.opus, `${library}/@discordjs/opus/lib/opus.node`);
  put("image/deb/opus-loader.cjs", `${library}/@discordjs/opus/lib/index.js`);

  write(`${documents}/copyright`, copyright(tree, modules));
  write(`${documents}/changelog.gz`, compressed(changelog));
  put("PRIVACY.md", `${documents}/PRIVACY.md`);
  const manual = readFileSync(path.join(tree, "image/deb/plugjam.1"), "utf8");
  write("usr/share/man/man1/plugjam.1.gz", compressed(manual));
  setModes(root);
}

/** It is started by /usr/bin/plugjam. */
function withoutInterpreter(file: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(/^#!.*\n/, ""));
}

/** Whatever the builder's umask is. */
function setModes(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) setModes(full);
    else chmodSync(full, path.basename(folder) === "bin" ? 0o755 : 0o644);
  }
}
