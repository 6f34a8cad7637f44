// How much memory a running box really needs.

import type { TestBox } from "./box.js";
import { until } from "./until.js";

/**
 * Upon SIGUSR2 the box collects its garbage and tells how much is left, in bytes.
 */
const collector = `
  import v8 from "node:v8";
  import vm from "node:vm";
  import { writeSync } from "node:fs";
  v8.setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc");
  process.on("SIGUSR2", () => {
    collect();
    writeSync(2, "heap used: " + process.memoryUsage().heapUsed + "\\n");
  });`;
/** For NODE_OPTIONS of a box. */
export const tellsHeap = `--import=data:text/javascript,${encodeURIComponent(collector)}`;

/** What is left when all garbage is gone, of a box that `tellsHeap`. */
export async function usedHeapMb(box: TestBox): Promise<number> {
  const told = () => box.process.log().match(/^heap used: \d+$/gm) ?? [];
  const before = told().length;
  box.process.signal("SIGUSR2");
  const line = await until("the heap to be told", () => told()[before]);
  return Number(line.slice("heap used: ".length)) / 1000 ** 2;
}
