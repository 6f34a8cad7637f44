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

interface Race {
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

/** The C++ tests run the races; here they are only read. */
export const jitter: Bench = async (progress) => {
  const folder = await mkdtemp(join(tmpdir(), "plugjam-bench-"));
  try {
    const file = join(folder, "races");
    progress("several minutes of packets, without waiting for them");
    await promisify(execFile)(resolve("native/build/Release/native_tests"), ["-tc=depth race*"], {
      env: { ...process.env, PLUGJAM_DEPTH_RACE: file },
    });
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    const races = lines.map((line): Race => JSON.parse(line));
    const row = ({ trace, blockFrames, spec, ours, equal }: Race) => [
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
