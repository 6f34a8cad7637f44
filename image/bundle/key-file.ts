// The file with the school's private key.

import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { newKey } from "../update/update-key.js";

/** Never writes over a key. Gives the public half as plugjam.toml wants it. */
export function newKeyFile(path: string): string {
  const { privatePem, publicWord } = newKey();
  try {
    writeFileSync(path, privatePem, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new Error(`${path} is there already: name another file.`);
  }
  return publicWord;
}

export function readPrivateKey(path: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      throw new Error(`${path} is missing. Make a key: npm run bundle -- --new-key ${path}`);
    throw new Error(`${path} cannot be read as a private key (${code}): name the file that --new-key made.`);
  }
  if (key.asymmetricKeyType !== "ed25519")
    throw new Error(`${path} is no Ed25519 key: make one with --new-key.`);
  return key;
}
