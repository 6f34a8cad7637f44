// What the configuration can say before the program can do it. Shrinks as the program grows.

import { type Document, type Path, whereIs } from "./document.js";
import { type Problem, showValue } from "./problem.js";
import type { Config } from "./schema.js";

const available: readonly (readonly [Path, readonly unknown[]])[] = [[["web", "listen"], ["off"]]];

/** One problem for each key that asks for something this version does not have. */
export function unavailable(config: Config, document: Document): Problem[] {
  return available.flatMap(([path, values]) => {
    const value = path.reduce<unknown>(
      (at, part) => (at as { [key: string | number]: unknown })[part],
      config,
    );
    if (values.some((each) => JSON.stringify(each) === JSON.stringify(value))) return [];
    const what = `${showValue(value)} is not available in this version`;
    const allowed = values.map((each) => (typeof each === "string" ? JSON.stringify(each) : showValue(each)));
    return [{ where: whereIs(document, path) ?? "", key: path.join("."), what, allowed: allowed.join(", ") }];
  });
}
