// Makes all that is made from hardware/: pictures into the tree, files for makers into hardware/out. `npm run hardware`.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPinmap } from "../../src/panel/gpio/pinmap.js";
import { boardPictures } from "./board-picture.js";
import { pictures } from "./draw-wiring.js";
import { parts, printable } from "./enclosure.js";
import { plotGerbers } from "./kicad.js";

const out = "hardware/out";
const gerbers = join(out, "plugjam-hat-gerbers");

const steps: readonly (readonly [what: string, make: () => void | Promise<void>])[] = [
  [
    "wiring pictures",
    () => {
      for (const [file, picture] of pictures(loadPinmap())) writeFileSync(file, picture);
    },
  ],
  [
    "Gerber files",
    () => {
      mkdirSync(gerbers);
      plotGerbers("hardware/hat/plugjam-hat.kicad_pcb", gerbers);
      const files = readdirSync(gerbers).map((file) => join(gerbers, file));
      execFileSync("/usr/bin/python3", ["-m", "zipfile", "-c", `${gerbers}.zip`, ...files]);
    },
  ],
  [
    "board pictures",
    async () => {
      const { top, bottom } = await boardPictures(gerbers);
      writeFileSync("hardware/hat/top.svg", top);
      writeFileSync(join(out, "plugjam-hat-bottom.svg"), bottom);
    },
  ],
  [
    "enclosure",
    () => {
      for (const part of parts) printable(part, join(out, `plugjam-${part}.stl`));
    },
  ],
  [
    "device tree overlay",
    () => {
      const dtbo = join(out, "plugjam.dtbo");
      execFileSync("dtc", ["-@", "-I", "dts", "-O", "dtb", "-o", dtbo, "hardware/overlay/plugjam.dts"]);
    },
  ],
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [what, make] of steps) {
  const started = Date.now();
  process.stdout.write(`hardware: ${what} ... `);
  await make();
  process.stdout.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}
for (const file of readdirSync(out)) {
  const { size } = statSync(join(out, file));
  if (file !== "plugjam-hat-gerbers") console.log(`${join(out, file)}  ${Math.ceil(size / 1024)} KB`);
}
