// Runs aplay and arecord as outside peers of a virtual card.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { VirtualCard } from "../support/virtual-card.js";

export interface PeerResult {
  readonly code: number | null;
  readonly output: Buffer;
  readonly errors: string;
}

export type Peer = ChildProcessByStdio<Writable, Readable, Readable>;

/** Start aplay or arecord on raw interleaved samples; stdin and stdout are the sound. */
export function startPeer(
  card: VirtualCard,
  command: "aplay" | "arecord",
  args: readonly string[],
  device = card.device,
): Peer {
  return spawn(command, ["-D", device, "-t", "raw", ...args], {
    env: { ...process.env, ...card.env, LC_ALL: "C" },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** What it said, when it has ended by itself. */
export function ended(peer: Peer): Promise<PeerResult> {
  const output: Buffer[] = [];
  let errors = "";
  peer.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  peer.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
  });
  return new Promise((resolve, reject) => {
    peer.on("error", reject);
    peer.on("close", (code) => resolve({ code, output: Buffer.concat(output), errors }));
  });
}

/** Start it, give it the input, wait for its end. */
export function runPeer(
  card: VirtualCard,
  command: "aplay" | "arecord",
  args: readonly string[],
  input: Buffer = Buffer.alloc(0),
  device = card.device,
): Promise<PeerResult> {
  const peer = startPeer(card, command, args, device);
  peer.stdin.on("error", () => {}); // it may end before it has read all
  peer.stdin.end(input);
  return ended(peer);
}
