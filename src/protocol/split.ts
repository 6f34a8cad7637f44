// Large bodies cut into parts, and parts put together again (spec 1.5).
import { splitPartBytes } from "./connected-messages.js";
import type { MessageOf } from "./messages.js";

type Part = MessageOf<"SPECIAL_SPLIT_MESSAGE">;

/** A receiver gives up at this index, so no more parts than this make sense. */
const maxParts = 36;

/**
 * The parts that carry a body larger than 550 bytes, in sending order; undefined if it travels whole: because it is
 * small, or because it is so large (over 19800 bytes) that no receiver would collect all its parts.
 */
export function splitBody(originalId: number, body: Uint8Array): Part[] | undefined {
  const parts = Math.ceil(body.length / splitPartBytes);
  if (parts < 2 || parts > maxParts) return undefined;
  return Array.from({ length: parts }, (_, index) => ({
    kind: "SPECIAL_SPLIT_MESSAGE",
    originalId,
    parts,
    index,
    slice: body.subarray(index * splitPartBytes, (index + 1) * splitPartBytes),
  }));
}

export type Collected =
  | { state: "partial" }
  | { state: "complete"; originalId: number; body: Uint8Array }
  | { state: "out-of-order" };

/**
 * Puts parts together. They must come in order; whatever breaks the order, or the count or the ID that the first part
 * announced, drops what was collected. A first part begins anew. It never holds more than 36 parts of 550 bytes.
 */
export class Collector {
  #parts: Part[] = [];

  add(part: Part): Collected {
    if (part.index === 0 || !this.#continues(part)) this.reset();
    if (part.index !== this.#parts.length || part.index >= part.parts || part.index >= maxParts) {
      this.reset();
      return { state: "out-of-order" };
    }
    this.#parts.push({ ...part, slice: part.slice.slice() });
    if (this.#parts.length < part.parts) return { state: "partial" };
    const body = concatenate(this.#parts.map(({ slice }) => slice));
    this.reset();
    return { state: "complete", originalId: part.originalId, body };
  }

  /** Bytes waiting for the rest of their message. */
  get heldBytes(): number {
    return this.#parts.reduce((sum, { slice }) => sum + slice.length, 0);
  }

  reset(): void {
    this.#parts = [];
  }

  #continues(part: Part): boolean {
    const first = this.#parts[0];
    return first !== undefined && first.originalId === part.originalId && first.parts === part.parts;
  }
}

function concatenate(slices: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(slices.reduce((sum, slice) => sum + slice.length, 0));
  let at = 0;
  for (const slice of slices) {
    whole.set(slice, at);
    at += slice.length;
  }
  return whole;
}
