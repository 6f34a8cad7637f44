// `npm run bundle`: makes an update bundle for the boxes of a school, signed with the school's key; or makes that key.

import { existsSync, rmSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { newKeyFile, readPrivateKey } from "./key-file.js";
import { fromFiles, fromImage } from "./parts.js";
import { writeBundle } from "./write-bundle.js";

const defaultOut = "dist/image/out";

interface Options {
  readonly key?: string;
  readonly newKey?: string;
  readonly image?: string;
  readonly root: string;
  readonly boot: string;
  readonly out: string;
  readonly board: string;
  readonly allowDowngrade?: boolean;
}

const program = new Command("npm run bundle --")
  .description("makes an update for boxes that are in use")
  .option("--new-key <file>", "make a key, and print the line for plugjam.toml")
  .option("--key <file>", "sign with this key")
  .option("--image <file>", "take the system out of this image (.img)")
  .option("--root <file>", "or take this root file system", `${defaultOut}/root.squashfs`)
  .option("--boot <folder>", "and these boot files", `${defaultOut}/boot`)
  .option("--out <folder>", "where to put the bundle", defaultOut)
  .option("--board <name>", "which boxes may take it", "arm64")
  .option("--allow-downgrade", "boxes with a newer version take it, too")
  .exitOverride();

async function main(options: Options): Promise<void> {
  if (options.newKey !== undefined) {
    const word = newKeyFile(options.newKey);
    console.log(`${options.newKey} is the school's key: keep it, and keep it secret. Into plugjam.toml:\n`);
    console.log(`[update]\nkeys = ["${word}"]`);
    return;
  }
  if (options.key === undefined)
    throw new Error("Say which key signs: --key FILE, or make one: --new-key FILE.");
  const privateKey = readPrivateKey(options.key);
  if (options.image === undefined && !existsSync(options.root))
    throw new Error(`${options.root} is missing. Run: npm run image`);
  const parts =
    options.image === undefined ? fromFiles(options.root, options.boot) : fromImage(options.image);
  try {
    const { board, out, allowDowngrade = false } = options;
    const made = await writeBundle({ parts, privateKey, board, allowDowngrade, folder: out });
    console.log(`bundle: ${made.path}, version ${made.version}, ${(made.bytes / 1e6).toFixed(1)} MB`);
  } finally {
    if (parts.temporary !== null) rmSync(parts.temporary, { recursive: true, force: true });
  }
}

try {
  program.parse();
  await main(program.opts());
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`bundle: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
