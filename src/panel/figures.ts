// The figures that stand beside the panel where there is room for them: in a terminal or on a line of text.

import type { Levels } from "../audio/engine.js";

export interface Figures {
  /** The connection's state, in one word. */
  readonly connection: string;
  /** Names of everybody on the server, ourselves included. */
  readonly musicians: readonly string[];
  /** Mouth to ear, in ms; null until it is known. */
  readonly delayMs: number | null;
  /** To the server and back, in ms; null until it is known. */
  readonly pingMs: number | null;
  readonly jitterBlocks: number;
  readonly concealed: number;
  readonly lost: number;
  readonly xruns: number;
  /** In dBFS. */
  readonly levels: Levels;
}

/** The figures in words, in the order they matter to a musician; what isn't known is a dash. */
export function figureWords(figures: Figures): string[] {
  return [
    `delay ${milliseconds(figures.delayMs)}`,
    `ping ${milliseconds(figures.pingMs)}`,
    `jitter ${figures.jitterBlocks} blocks`,
    `concealed ${figures.concealed}`,
    `lost ${figures.lost}`,
    `xruns ${figures.xruns}`,
  ];
}

function milliseconds(value: number | null): string {
  return value === null ? "-" : `${Math.round(value)} ms`;
}
