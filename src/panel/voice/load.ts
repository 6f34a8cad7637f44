// Has the prompts of one language decoded, in a process of its own: the decoder's libraries take 20 MB for good.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Loaded {
  /** In the order of `prompts`: mono, 48 kHz, 16 bit. Empty: could not be had. */
  readonly samples: readonly Int16Array[];
  /** A line for each prompt that could not be had: its file, and why. */
  readonly troubles: readonly string[];
}

/** What the decoder tells when it has written all samples, one prompt after the other, to its standard output. */
export interface Decoded {
  /** Of each prompt, in samples. */
  readonly lengths: readonly number[];
  readonly troubles: readonly string[];
}

const program = fileURLToPath(new URL("./decode-prompts.js", import.meta.url));

/**
 * From a folder of PROMPT.opus files. The process is forked at once, while there is no sound that would have to wait for
 * it, and works from `begin` on. Rejects when it came to grief, or was told to stop.
 */
export async function loadPrompts(
  folder: string,
  signal: AbortSignal,
  begin: Promise<void> = Promise.resolve(),
): Promise<Loaded> {
  // By way of a file: a pipe leaves its chunks all over the heap, and the engine locks the heap.
  const output = await openNameless();
  try {
    const decoder = [process.execPath, ...process.execArgv, program, folder];
    const child = spawn("sh", ["-c", 'read -r line && exec "$@"', "sh", ...decoder], {
      signal,
      stdio: ["pipe", output.fd, "inherit", "ipc"],
    });
    // It may be gone by then.
    child.stdin?.on("error", () => {});
    void begin.then(() => child.stdin?.end("\n"));
    let decoded: Decoded | null = null;
    child.once("message", (message) => {
      decoded = message as Decoded;
    });
    const [code, killedBy] = await once(child, "close");
    if (decoded === null) throw new Error(`the decoder ended by ${killedBy ?? code}`);
    return await read(output, decoded);
  } finally {
    await output.close();
  }
}

type File = Awaited<ReturnType<typeof open>>;

async function openNameless(): Promise<File> {
  const folder = await mkdtemp(join(tmpdir(), "plugjam-voice-"));
  try {
    return await open(join(folder, "samples"), "w+");
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function read(file: File, { lengths, troubles }: Decoded): Promise<Loaded> {
  const all = new Int16Array(lengths.reduce((sum, length) => sum + length, 0));
  await file.read(all, { position: 0 });
  let end = 0;
  const samples = lengths.map((length) => {
    end += length;
    return all.subarray(end - length, end);
  });
  return { samples, troubles };
}
