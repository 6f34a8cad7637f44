// From a finger to a light and to the first packet, in real time on the test kernel, the audio thread at full load.

import { runInKernel, testKernel } from "../kernel/kernel.js";
import type { PanelFigures } from "./panel-in-guest.js";
import { type Bench, percentile } from "./report.js";

const program = "dist/test/bench/panel-in-guest.js";
const deadlineMs = 20 * 60_000;

/** What a hand takes for at once; the bound of everything here. */
const boundMs = 100;

export const panel: Bench = async (progress) => {
  const kernel = await testKernel();
  if ("missing" in kernel) throw new Error(`no test kernel on this machine: ${kernel.missing}`);
  progress("presses on the test kernel, for some minutes");
  const run = await runInKernel(kernel.folder, `node ${program}`, { deadlineMs, first: true });
  if (run.outcomes === "") throw new Error(`the guest came to grief:\n${run.console}`);
  const { waits, costs } = JSON.parse(run.outcomes) as PanelFigures;
  return {
    tables: [
      {
        title: "From the edge of a button, in ms; on one processor, where every system call is dear",
        columns: ["what", "beside", "presses", "missed", "p50", "p95", "max", "bound"],
        rows: waits.map(({ what, load, ms, missed }) => [
          what,
          load,
          ms.length + missed,
          missed,
          percentile(ms, 0.5).toFixed(1),
          percentile(ms, 0.95).toFixed(1),
          Math.max(...ms).toFixed(1),
          boundMs,
        ]),
      },
      {
        title: "The whole box, on a kernel where every system call is dear",
        columns: ["while", "JavaScript, % of a core", "resident, MB"],
        rows: costs.map(({ what, percent, residentMb }) => [what, percent.toFixed(2), residentMb.toFixed(1)]),
      },
    ],
    figures: { boundMs, waits, costs },
  };
};
