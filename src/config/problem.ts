// One mistake in a configuration, told in one line.

import { cutText } from "../protocol/index.js";

export interface Problem {
  /** Where it was written: "plugjam.toml:7", or "--set audio.period=9". */
  readonly where: string;
  /** The key, dotted; null if the trouble is not with one key. */
  readonly key: string | null;
  readonly what: string;
  readonly allowed: string | null;
}

/** `WHERE: KEY: what is wrong; allowed: what would be right`, never more than one line. */
export function formatProblem({ where, key, what, allowed }: Problem): string {
  const line = [where, key, what].filter((part) => part !== null).join(": ");
  const whole = allowed === null ? line : `${line}; allowed: ${allowed}`;
  return whole.replace(/\p{Cc}+/gu, " ");
}

/** A value as somebody who wrote a configuration would know it again. */
export function showValue(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${cutText(value, 39)}…` : value);
  }
  if (Array.isArray(value)) return value.length === 0 ? "[]" : "a list";
  if (value instanceof Date) return "a date";
  return typeof value === "object" ? "a table" : String(value);
}
