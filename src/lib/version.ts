// The version of Plugjam, from package.json: one place to change it.

import { readFileSync } from "node:fs";

/** Seen from the compiled file, dist/src/lib/version.js. */
const packageFile = new URL("../../../package.json", import.meta.url);

export const version = (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
