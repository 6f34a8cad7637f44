// What the updater remembers on the data partition: the update on trial, the bundles that failed, what came of the last one.

import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { type Disk, replaceOn } from "./disk.js";
import { otherSlot, type Slot } from "./slot.js";

/** A bundle that is written to a slot and may be booted. */
const readySchema = v.object({ id: v.string(), version: v.string(), slot: v.picklist(["a", "b"]) });

const trialSchema = v.object({
  id: v.string(),
  version: v.string(),
  /** Before the update. What was there must be there after it. */
  hadCard: v.boolean(),
  hadNetwork: v.boolean(),
});

const memorySchema = v.object({
  ready: v.nullable(readySchema),
  /** The bundle that each slot was committed with. */
  slots: v.object({ a: v.nullable(v.string()), b: v.nullable(v.string()) }),
  /** By the bundle's id. */
  failures: v.record(v.string(), v.object({ version: v.string(), reason: v.string(), count: v.number() })),
  /** The latest that need not be fetched again: where from, and the server's word for it. */
  fetched: v.nullable(v.object({ url: v.string(), etag: v.string() })),
  last: v.nullable(v.object({ version: v.string(), isGood: v.boolean(), reason: v.string() })),
});

export type Ready = v.InferOutput<typeof readySchema>;
export type Trial = v.InferOutput<typeof trialSchema>;
export type Remembered = v.InferOutput<typeof memorySchema>;

const nothing: Remembered = {
  ready: null,
  slots: { a: null, b: null },
  failures: {},
  fetched: null,
  last: null,
};

/** A bundle may fail so often before it is not tried again: the first time it may have been the plug. */
export const maxFailures = 2;
/** Of the bundles that failed, so many are remembered. */
const maxKept = 16;

export class Memory {
  readonly #disk: Disk;
  readonly #folder: string;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  /** What cannot be read is forgotten: it would only keep a box from its updates. */
  async recall(): Promise<Remembered> {
    return (await this.#read(this.#path, memorySchema)) ?? nothing;
  }

  async remember(change: Partial<Remembered>): Promise<void> {
    const all = { ...(await this.recall()), ...change };
    await this.#write(this.#path, all);
  }

  /** Counts as a failure of this bundle; a certain one is never tried again. */
  async rememberFailure(trial: Trial, reason: string, isCertain: boolean): Promise<void> {
    const { failures } = await this.recall();
    const { [trial.id]: before, ...others } = failures;
    const count = isCertain ? maxFailures : (before?.count ?? 0) + 1;
    const kept = Object.entries(others).slice(1 - maxKept);
    await this.remember({
      ready: null,
      failures: { ...Object.fromEntries(kept), [trial.id]: { version: trial.version, reason, count } },
      last: { version: trial.version, isGood: false, reason },
    });
  }

  /** The slot that is to be tried, or is. The units of the trial look at the same files. */
  async trial(): Promise<{ readonly slot: Slot; readonly trial: Trial } | null> {
    for (const slot of ["a", "b"] as const) {
      const path = this.#trialPath(slot);
      if (!(await isThere(path))) continue;
      const trial = await this.#read(path, trialSchema);
      // A trial of something is known even where of what is not.
      return { slot, trial: trial ?? { id: "", version: "", hadCard: false, hadNetwork: false } };
    }
    return null;
  }

  async beginTrial(slot: Slot, trial: Trial): Promise<void> {
    await this.#disk.remove(this.#trialPath(otherSlot(slot)));
    await this.#write(this.#trialPath(slot), trial);
  }

  /** The slot boots from now on. */
  async rememberCommit(slot: Slot, { id, version }: Trial): Promise<void> {
    const { slots } = await this.recall();
    const reason = `Version ${version} is good.`;
    await this.remember({
      ready: null,
      slots: { ...slots, [slot]: id },
      last: { version, isGood: true, reason },
    });
  }

  async endTrial(slot: Slot): Promise<void> {
    await this.#disk.remove(this.#trialPath(slot));
    await this.#disk.syncFolder(this.#folder);
  }

  get #path(): string {
    return join(this.#folder, "memory.json");
  }

  #trialPath(slot: Slot): string {
    return join(this.#folder, `trial-${slot}.json`);
  }

  async #read<Schema extends v.GenericSchema>(path: string, schema: Schema) {
    try {
      const parsed = v.safeParse(schema, JSON.parse(await readFile(path, "utf8")));
      return parsed.success ? parsed.output : null;
    } catch {
      return null;
    }
  }

  async #write(path: string, contents: unknown): Promise<void> {
    await this.#disk.makeFolder(dirname(path));
    await replaceOn(this.#disk, path, JSON.stringify(contents));
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
