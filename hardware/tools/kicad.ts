// Runs KiCad on a board without its windows: design rules, Gerber files.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** KiCad's Python modules belong to Debian's Python, not to another one that a path may find first. */
const python = "/usr/bin/python3";
const script = "hardware/tools/kicad.py";

export interface Violation {
  /** KiCad's word: "clearance", "unconnected_items", ... */
  readonly kind: string;
  readonly severity: string;
  /** Where and what, one item a line. */
  readonly items: readonly string[];
}

/** KiCad's design rule check. Throws where KiCad is not there or cannot read the board. */
export function designRuleViolations(board: string): Violation[] {
  const folder = mkdtempSync(join(tmpdir(), "plugjam-drc-"));
  try {
    const report = join(folder, "report.txt");
    run("drc", board, report);
    return readReport(readFileSync(report, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes Gerber and drill files into a folder that is there. */
export function plotGerbers(board: string, folder: string): void {
  run("plot", board, folder);
}

function run(...args: readonly string[]): void {
  execFileSync(python, [script, ...args], { stdio: ["ignore", "ignore", "pipe"] });
}

function readReport(report: string): Violation[] {
  if (!report.includes("** End of Report **")) throw new Error("KiCad's report has no end");
  return report
    .split(/^(?=\[)/m)
    .slice(1)
    .map((entry) => ({
      kind: /^\[(\w+)\]/.exec(entry)?.[1] ?? "",
      severity: /Severity: (\w+)/.exec(entry)?.[1] ?? "",
      items: [...entry.matchAll(/^ {4}(@\(.*)$/gm)].map(([, item]) => item ?? ""),
    }));
}
