// The race where nothing is noisy: on the test kernel, in virtual time, as if every processor were infinitely fast.

import { runInKernel, testKernel } from "../../kernel/kernel.js";
import type { Table } from "../report.js";
import type { QuietFigures, QuietOutcomes } from "./quiet-in-guest.js";

const program = "dist/test/bench/race/quiet-in-guest.js";
/** Of the machine's own time; a second in there takes one to three of them. */
const deadlineMs = 4 * 3_600_000;

/** Null where there is no such kernel; `progress` hears why. */
export async function quiet(
  driftSeconds: number,
  progress: (line: string) => void,
): Promise<QuietOutcomes | null> {
  const kernel = await testKernel();
  if ("missing" in kernel) {
    progress(`no quiet figures: ${kernel.missing}`);
    return null;
  }
  progress("in virtual time on the test kernel, for some ten minutes");
  const run = await runInKernel(kernel.folder, `node ${program} ${driftSeconds}`, {
    virtualTime: true,
    deadlineMs,
  });
  if (run.outcomes === "") throw new Error(`the guest came to grief:\n${run.console}`);
  return JSON.parse(run.outcomes) as QuietOutcomes;
}

const ms = (value: number) => value.toFixed(2);

export function quietTable(rows: readonly QuietFigures[]): Table {
  return {
    title: "In virtual time, nothing else running: where the latency lies, in ms (mean)",
    columns: [
      ...["network, contestant", "latency", "capture, encode", "server", "back to ear", "of which card"],
      ...["heard", "concealed", "xruns"],
    ],
    rows: rows.map((row) => [
      `${row.network}: ${row.name}`,
      ...[row.latencyMs, row.captureMs, row.serverMs, row.playbackMs, row.cardMs].map(ms),
      `${row.heard} of ${row.impulses}`,
      row.concealed ?? "-",
      row.xruns,
    ]),
  };
}
