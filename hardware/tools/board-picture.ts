// Draws a board from its Gerber files, as a board house would make it: another program than KiCad reads them.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import pcbStackup from "pcb-stackup";

export interface BoardPictures {
  readonly top: string;
  readonly bottom: string;
  /** In mm. */
  readonly width: number;
  readonly height: number;
  /** What each file was taken for, such as "top copper". */
  readonly layers: readonly string[];
}

/** SVG of both sides from a folder of Gerber and drill files. */
export async function boardPictures(folder: string): Promise<BoardPictures> {
  const files = readdirSync(folder).sort();
  const layers = files.map((filename) => ({
    filename,
    gerber: Readable.from([readFileSync(join(folder, filename), "utf8")]),
    options: { id: filename.replace(/\W/g, "-") },
  }));
  const made = await pcbStackup(layers, { id: "plugjam", color: { sm: "rgba(20, 60, 130, 0.8)" } });
  if (made.top.units !== "mm") throw new Error(`the board is measured in ${made.top.units}`);
  return {
    top: shortened(made.top.svg),
    bottom: shortened(made.bottom.svg),
    width: made.top.width,
    height: made.top.height,
    layers: made.layers.map(({ side, type }) => `${side} ${type}`).sort(),
  };
}

/** A picture's units are thousandths of a mm; parts of those are not to be seen. */
function shortened(svg: string): string {
  return svg.replace(/ d="[^"]*"/g, (path) =>
    path.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number)))),
  );
}
