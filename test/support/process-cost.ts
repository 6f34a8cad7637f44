// What a process costs, as the kernel counts it.

import { readFileSync } from "node:fs";

const kibPerMb = 1000 ** 2 / 1024;

/** The kernel tells the time of threads in hundredths of a second (proc(5): USER_HZ). */
const tickMs = 10;

/** Its memory as it lies in RAM, in MB. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / kibPerMb;
}

/** How long its first thread has been at work, which is where Node runs JavaScript. */
export function mainThreadMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  return (Number(user) + Number(system)) * tickMs;
}
