// Several figures of one kind as one: the middle, and how far they lie apart.

import { percentile } from "./report.js";

export interface Spread {
  /** Null: there was no figure. */
  readonly median: number | null;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly (number | null)[]): Spread {
  const known = values.filter((value) => value !== null);
  const median = known.length > 0 ? percentile(known, 0.5) : null;
  return { median, least: Math.min(...known), most: Math.max(...known) };
}

/** "9.3 (8.0 to 10.7)" */
export function spreadText({ median, least, most }: Spread, digits = 1): string {
  if (median === null) return "-";
  return `${median.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

/** "0.72 x" */
export function ratioText(one: Spread, other: Spread): string {
  if (one.median === null || other.median === null) return "-";
  return `${(one.median / other.median).toFixed(2)} x`;
}
