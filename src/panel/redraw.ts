// The least a terminal must be sent so that it shows new lines in place of old ones.

/** Escape sequences for the lines that differ, or "" when none does. An empty `before` draws everything. */
export function redraw(before: readonly string[], after: readonly string[]): string {
  let output = "";
  for (let row = 0; row < Math.max(before.length, after.length); row++) {
    const line = after[row] ?? "";
    if (before[row] !== line) output += `\x1b[${row + 1};1H${line}\x1b[K`;
  }
  return output;
}
