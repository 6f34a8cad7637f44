// In the guest, in virtual time: one measurement, as `drift PPM JITTER SECONDS`, `way PPM JITTER IMPULSES [ROAD]` or
// `netem PPM JITTER IMPULSES WORDS`, what the kernel's netem is to do to loopback, asks.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { startJamulusServer } from "../../support/jamulus.js";
import { ours } from "./contestants.js";
import { drift } from "./drift.js";
import { Road } from "./road.js";
import { measureWay } from "./way.js";

/** No Jamulus client here: on a kernel like this, JACK does not come up in virtual time. */
const name = "Plugjam";

async function measure([what, ...words]: readonly string[]): Promise<unknown> {
  const [ppm = "0", jitter = "auto", amount = "0", road, ...more] = words;
  const box = ours(name, { jitter: jitter === "auto" ? jitter : Number(jitter) });
  if (what === "drift") {
    const { port } = await startJamulusServer({ fastUpdate: true });
    return drift(box, { port }, Number(ppm), Number(amount), { inPieces: true });
  }
  if (what === "netem") {
    const words = ["qdisc", "add", "dev", "lo", "root", "netem", road ?? "", ...more];
    execFileSync("/usr/sbin/tc", words, { stdio: "pipe" });
    return measureWay(box, Number(ppm), Number(amount));
  }
  return measureWay(box, Number(ppm), Number(amount), road === undefined ? null : new Road(road));
}

// What support/process.ts starts keeps no program alive.
setInterval(() => undefined, 3_600_000);
writeFileSync("/mnt/outcomes", JSON.stringify(await measure(process.argv.slice(2))));
process.exit();
