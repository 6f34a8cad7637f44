// Has the prompts of one language decoded, in a process of its own: the decoder's libraries take 20 MB for good.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Loaded {
  /** In the order of `prompts`: mono, 48 kHz, 16 bit. Empty: could not be had. */
  readonly samples: readonly Int16Array[];
  /** A line for each prompt that could not be had: its file, and why. */
  readonly troubles: readonly string[];
}

const program = fileURLToPath(new URL("./decode-prompts.js", import.meta.url));

/** From a folder of PROMPT.opus files. Rejects when the decoding process came to grief, or was told to stop. */
export function loadPrompts(folder: string, signal: AbortSignal): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [folder], {
      serialization: "advanced",
      signal,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.once("message", (loaded) => resolve(loaded as Loaded));
    child.once("error", reject);
    child.once("exit", (code, killedBy) => reject(new Error(`the decoder ended by ${killedBy ?? code}`)));
  });
}
