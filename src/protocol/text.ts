// Fitting a text into the protocol's limits before it is sent.

/** The longest start of `text` with at most `maxUnits` UTF-16 code units that cuts no character in half. */
export function cutText(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  return text.slice(0, maxUnits).replace(/[\ud800-\udbff]$/, "");
}
