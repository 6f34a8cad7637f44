// What a process costs, as the kernel counts it.

import { readdirSync, readFileSync } from "node:fs";

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

/** How long all its threads that still live have been at work, to the microsecond. */
export function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, id) => sum + threadMs(pid, id), 0);
}

function threadMs(pid: number, id: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return 0; // it has just ended
  }
}

/** What lies in RAM, in MB; `proportional`: each page divided by how many processes have it. A file can be left out. */
export function memoryMb(
  pid: number,
  { without }: { readonly without?: string | null } = {},
): { readonly resident: number; readonly proportional: number } {
  let [resident, proportional, counts] = [0, 0, true];
  for (const line of readFileSync(`/proc/${pid}/smaps`, "utf8").split("\n")) {
    const mapping = /^[0-9a-f]+-[0-9a-f]+ .{4} \S+ \S+ \S+\s*(.*)$/.exec(line);
    if (mapping) counts = mapping[1] === "" || mapping[1] !== without;
    const size = counts && /^(Rss|Pss):\s+(\d+) kB$/.exec(line);
    if (!size) continue;
    if (size[1] === "Rss") resident += Number(size[2]) / kibPerMb;
    else proportional += Number(size[2]) / kibPerMb;
  }
  return { resident, proportional };
}
