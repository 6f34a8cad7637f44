// Runs OpenSCAD on the box without its window.

import { spawnSync } from "node:child_process";

export const parts = ["tray", "lid"] as const;

/** Writes a part as STL; tells whether it is one that can be printed: no face in a face, and how many bodies. */
export function printable(part: (typeof parts)[number], file: string): { simple: boolean; volumes: number } {
  const args = ["-D", `part="${part}"`, "-o", file, "hardware/enclosure/plugjam.scad"];
  const { status, stderr, error } = spawnSync("openscad", args, { encoding: "utf8" });
  if (error) throw error;
  if (status !== 0 || /WARNING|ERROR/.test(stderr)) throw new Error(`openscad: ${stderr}`);
  return {
    simple: /Simple: +yes/.test(stderr),
    volumes: Number(/Volumes: +(\d+)/.exec(stderr)?.[1]),
  };
}
