// Text from strangers, made safe to show: no markup, no control characters, one line.

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** Takes HTML tags and entities out, and folds white space; what remains is text and nothing else. */
export function plainText(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, " ")
    .replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
}
