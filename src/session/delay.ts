// How long a sound takes from our card through the server and back, estimated (spec 8).

import { isRaw, type Transport } from "../protocol/index.js";

export interface DelayParts {
  readonly pingMs: number;
  readonly format: Transport;
  /** Depth of our jitter buffer and of the server's, in blocks. */
  readonly clientBlocks: number;
  readonly serverBlocks: number;
  /** Latency of the sound card, both directions together, with what a conversion of block sizes adds. */
  readonly cardMs: number;
}

export interface Delay {
  readonly pingMs: number;
  readonly delayMs: number;
}

/** Both in whole ms. */
export function estimateDelay({ pingMs, format, clientBlocks, serverBlocks, cardMs }: DelayParts): Delay {
  const blockMs = format.blockFrames / 48;
  const fill = blockMs * format.blocksPerPacket;
  const jitter = 0.7 * blockMs * (clientBlocks + serverBlocks);
  const codec = isRaw(format) ? 0 : blockMs / 2;
  return { pingMs: Math.round(pingMs), delayMs: Math.round(pingMs + fill + jitter + cardMs + codec) };
}

const quietMs = 1000;

/** Lets a changed figure through, at most once a second. */
export class DelayNews {
  #shown: Delay | undefined;
  #shownAtMs = Number.NEGATIVE_INFINITY;

  /** Is this worth telling now? If so, it counts as told. */
  isNews(delay: Delay, atMs: number): boolean {
    if (atMs - this.#shownAtMs < quietMs) return false;
    if (delay.pingMs === this.#shown?.pingMs && delay.delayMs === this.#shown.delayMs) return false;
    this.#shown = delay;
    this.#shownAtMs = atMs;
    return true;
  }
}
