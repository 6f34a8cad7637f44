// What a bench gives: tables and plots for people, figures for programs.

import type { Plot } from "./plot.js";

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface Report {
  readonly tables: readonly Table[];
  /** By the names of their files. */
  readonly plots?: Readonly<Record<string, Plot>>;
  /** What goes into the JSON file: plain data. */
  readonly figures: unknown;
}

export interface BenchOptions {
  /** Take ten times as long where that shows more. */
  readonly long: boolean;
  /** How often each contestant has its turn. */
  readonly rounds: number;
  /** Which parts of it, by name; null: all. */
  readonly parts: readonly string[] | null;
}

/** `progress` takes a line on what is going on now. */
export type Bench = (progress: (line: string) => void, options: BenchOptions) => Promise<Report>;

/** Columns aligned, the first to the left and the rest to the right. */
export function tableText({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) =>
        column === 0 ? (row[column] ?? "").padEnd(width) : (row[column] ?? "").padStart(width),
      )
      .join("  ");
  const [head = [], ...body] = cells;
  const rule = "-".repeat(line(head).length);
  return [title, line(head), rule, ...body.map(line)].join("\n");
}

/** The value below which this share of the values lies, 0 to 1; of none, NaN. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
