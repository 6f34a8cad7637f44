// Looks every few seconds what the card's updater, a program of its own, says that it is at.

import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Update } from "../core/update.js";
import type { Cancel, Scheduler } from "../lib/clock.js";

/** Written whole, by a rename. Not there where nothing updates the box this way. */
export const updateStatusPath = "/run/plugjam-update/status.json";
export const lookEveryMs = 2_000;

const version = v.string();
const reason = v.string();
const schema: v.GenericSchema<unknown, Update> = v.variant("state", [
  v.object({ state: v.literal("checking") }),
  v.object({ state: v.literal("writing"), version, percent: v.number() }),
  v.object({ state: v.literal("trying"), version }),
  v.object({ state: v.literal("refused"), reason }),
  v.object({ state: v.literal("failed"), reason }),
  v.object({ state: v.literal("done"), version }),
]);

export interface UpdateWatchParts {
  readonly scheduler: Scheduler;
  /** Hears of each change; null: there is nothing to say. */
  readonly emit: (update: Update | null) => void;
  readonly path?: string;
}

export class UpdateWatch {
  readonly #parts: UpdateWatchParts;
  #text = "";
  #cancel: Cancel = () => {};
  #isStopped = false;

  constructor(parts: UpdateWatchParts) {
    this.#parts = parts;
  }

  /** Looks at once, and from then on. */
  async start(): Promise<void> {
    const { scheduler, emit, path = updateStatusPath } = this.#parts;
    const text = await readFile(path, "utf8").catch(() => "");
    if (this.#isStopped) return;
    this.#cancel = scheduler.after(lookEveryMs, () => void this.start());
    if (text === this.#text) return;
    this.#text = text;
    emit(updateIn(text));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }
}

/** What is not understood, such as an updater that is idle, is nothing to say. */
function updateIn(text: string): Update | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
