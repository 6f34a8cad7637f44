// How long blocks are held back on networks of several kinds: the depth of the specification against ours.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Bench } from "./report.js";

interface Depth {
  readonly heldMs: number;
  /** Share of blocks. */
  readonly concealed: number;
  readonly changes: number;
}

export interface DepthRace {
  readonly trace: string;
  readonly blockFrames: number;
  readonly minutes: number;
  readonly spec: Depth;
  readonly ours: Depth;
  /** Ours, made to conceal as much as the specification's. */
  readonly equal: Depth;
}

const ms = (value: number) => value.toFixed(2);
const percent = (share: number) => `${(100 * share).toFixed(3)} %`;

/** The C++ tests run the races; here they are only read. The folder gets the traces of 64 frames, each by its name. */
export async function depthRaces(folder: string): Promise<readonly DepthRace[]> {
  const file = join(folder, "races");
  await promisify(execFile)(resolve("native/build/Release/native_tests"), ["-tc=depth race*"], {
    env: { ...process.env, PLUGJAM_DEPTH_RACE: file, PLUGJAM_TRACES: folder },
  });
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  return lines.map((line): DepthRace => JSON.parse(line));
}

export const jitter: Bench = async (progress) => {
  const folder = await mkdtemp(join(tmpdir(), "plugjam-bench-"));
  try {
    progress("several minutes of packets, without waiting for them");
    const races = await depthRaces(folder);
    const row = ({ trace, blockFrames, spec, ours, equal }: DepthRace) => [
      `${trace}, ${blockFrames}`,
      ...[ms(spec.heldMs), percent(spec.concealed), spec.changes],
      ...[ms(ours.heldMs), percent(ours.concealed), ours.changes],
      ...[ms(equal.heldMs), `${(equal.heldMs / spec.heldMs).toFixed(2)} x`],
    ];
    return {
      tables: [
        {
          title: `Mean time that a block is held, ${races[0]?.minutes} minutes of each network`,
          columns: [
            "network, frames of a block",
            ...["spec ms", "concealed", "changes"],
            ...["ours ms", "concealed", "changes"],
            ...["concealing as the spec ms", "of the spec's"],
          ],
          rows: races.map(row),
        },
      ],
      figures: races,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};
