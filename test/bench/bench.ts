// `npm run bench -- NAME ... [--json FILE]`: measures side by side, prints tables, and writes the figures as JSON.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { stopAllProcesses } from "../support/process.js";
import { type Bench, tableText } from "./report.js";

/** By name; each loads only when it is asked for. */
const benches: Record<string, () => Promise<Bench>> = {
  panel: async () => (await import("./panel.js")).panel,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "string" } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  const unknown = names.filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`No such bench: ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
    return 2;
  }
  const figures: Record<string, unknown> = {};
  for (const name of names) {
    const bench = await benches[name]?.();
    const report = await bench?.((line) => console.error(`${name}: ${line}`));
    if (!report) continue;
    for (const table of report.tables) console.log(`\n${tableText(table)}`);
    figures[name] = report.figures;
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} finally {
  await stopAllProcesses();
}
