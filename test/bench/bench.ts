// `npm run bench -- NAME ... [--long] [--rounds 5] [--json FILE] [--svg FOLDER]`: measures side by side, prints tables, and writes
// the figures as JSON and the plots as SVG. NAME:PART,PART measures only those parts, where a bench has parts.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stopAllProcesses } from "../support/process.js";
import { barsSvg } from "./plot.js";
import { type Bench, tableText } from "./report.js";

/** By name; each loads only when it is asked for. */
const benches: Record<string, () => Promise<Bench>> = {
  race: async () => (await import("./race.js")).race,
  jitter: async () => (await import("./jitter.js")).jitter,
  hub: async () => (await import("./hub.js")).hub,
  panel: async () => (await import("./panel.js")).panel,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "string" },
      svg: { type: "string" },
      long: { type: "boolean", default: false },
      rounds: { type: "string", default: "5" },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  const asked = names.map((text) => {
    const [name = "", parts] = text.split(":");
    return { name, parts: parts?.split(",") ?? null };
  });
  const unknown = asked.map(({ name }) => name).filter((name) => !(name in benches));
  if (unknown.length > 0) {
    console.error(`No such bench: ${unknown.join(", ")}. There are: ${Object.keys(benches).join(", ")}.`);
    return 2;
  }
  const figures: Record<string, unknown> = {};
  for (const { name, parts } of asked) {
    const bench = await benches[name]?.();
    const report = await bench?.((line) => console.error(`${name}: ${line}`), {
      long: values.long,
      rounds: Number(values.rounds),
      parts,
    });
    if (!report) continue;
    for (const table of report.tables) console.log(`\n${tableText(table)}`);
    figures[name] = report.figures;
    for (const [file, plot] of Object.entries(values.svg ? (report.plots ?? {}) : {})) {
      mkdirSync(values.svg ?? "", { recursive: true });
      writeFileSync(join(values.svg ?? "", `${file}.svg`), barsSvg(plot));
    }
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  return 0;
}

// What support/process.ts starts keeps no program alive.
const awake = setInterval(() => undefined, 3_600_000);
try {
  process.exitCode = await main();
} finally {
  clearInterval(awake);
  await stopAllProcesses();
}
