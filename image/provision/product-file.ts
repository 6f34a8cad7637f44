// The product's own plugjam.toml, for this one box: what was written on the card, less what is not for the product.

import { productKeys } from "./card-schema.js";

/** Takes values that the schema has let through, so what TOML has beyond these kinds cannot come. */
export function productFile(values: Readonly<Record<string, unknown>>): string {
  const isSaid = (value: unknown) => value !== undefined && toml(value) !== "{}";
  const own = productKeys.filter((key) => isSaid(values[key]));
  return [
    "# Made from plugjam.toml on the card, at each boot.",
    ...own.map((key) => `${key} = ${toml(values[key])}`),
    "",
  ].join("\n");
}

function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const inside = Object.entries(value).map(([key, each]) => `${key} = ${toml(each)}`);
    return inside.length === 0 ? "{}" : `{ ${inside.join(", ")} }`;
  }
  // JSON escapes all that TOML wants escaped, but for one control character.
  return JSON.stringify(value).replaceAll("\u007f", "\\u007f");
}
