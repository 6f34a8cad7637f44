// Writes the wiring pictures of the build pages: node dist/hardware/tools/draw-wiring.js

import { writeFileSync } from "node:fs";
import { loadPinmap, type Pinmap } from "../../src/panel/gpio/pinmap.js";
import { display, panelParts } from "./wiring.js";
import { wiringPicture } from "./wiring-picture.js";

/** The pictures of the tree, by file. */
export function pictures({ boards }: Pinmap): Map<string, string> {
  return new Map([
    ["hardware/zero-solder/wiring.svg", wiringPicture("Four wires: the display on the splitter", [display])],
    [
      "hardware/wiring.svg",
      wiringPicture("All parts by wire: display, buttons and lights", [
        display,
        ...panelParts(boards.default),
      ]),
    ],
  ]);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [file, picture] of pictures(loadPinmap())) writeFileSync(file, picture);
}
