// The way of a bundle into the other slot, from the first question to the reboot that tries it.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { BootPartition } from "./boot-partition.js";
import type { Disk } from "./disk.js";
import { inUse } from "./idle.js";
import type { Layout } from "./layout.js";
import type { Machine } from "./machine.js";
import { bootFolder, type Manifest, rootName } from "./manifest.js";
import { Memory, maxFailures, type Ready } from "./memory.js";
import type { Tell } from "./progress.js";
import { type Offer, readBundle } from "./read-bundle.js";
import type { Refusal } from "./refusal.js";
import { otherSlot, runningSlot, type Slot, slotFolder } from "./slot.js";
import { SlotWriter } from "./slot-writer.js";
import { settleLostTrial } from "./trial.js";
import { parseKeys } from "./update-key.js";
import { imageVersion, isNewer, parseVersion } from "./version.js";

/** What this kind of box runs. */
export const board = "arm64";

export interface UpdaterParts {
  readonly layout: Layout;
  readonly machine: Machine;
  readonly disk: Disk;
  readonly tell: Tell;
}

/** A source that ended before its end: its message is a sentence. */
export class SourceLost extends Error {}

/** Where a bundle comes from. */
export interface Source {
  /** Each call begins at the front. Throws `SourceLost`. */
  read(): AsyncIterable<Uint8Array>;
}

export type Keys = ReturnType<typeof parseKeys>;

/** Gives the source to take, null where there is none, or why none is taken. */
export type Choose = (
  keys: Keys,
  judge: (offer: Offer) => Promise<Refusal | null>,
) => Promise<Source | null | Refusal>;

export type Outcome =
  | { readonly kind: "idle" }
  | { readonly kind: "trying" }
  | ({ readonly kind: "refused" } & Refusal);

const notNow = (reason: string): Refusal => ({ reason, isFinal: false });
const never = (reason: string): Refusal => ({ reason, isFinal: true });

export class Updater {
  readonly #parts: UpdaterParts;
  readonly #memory: Memory;
  readonly #boot: BootPartition;

  constructor(parts: UpdaterParts) {
    const { disk, layout, machine } = parts;
    this.#parts = parts;
    this.#memory = new Memory(disk, layout.memory);
    this.#boot = new BootPartition(disk, layout.boot, (access) => machine.setAccess(layout.boot, access));
  }

  /** Throws where the card, the data partition or the machine fails; the slot that runs is whole then, too. */
  async update(choose: Choose): Promise<Outcome> {
    const { tell } = this.#parts;
    tell({ state: "checking" });
    const outcome = await this.#update(choose).catch((error: unknown) => {
      if (error instanceof SourceLost) return refused(notNow(error.message));
      throw error;
    });
    if (outcome.kind === "idle") tell({ state: "idle" });
    if (outcome.kind === "refused") tell({ state: "refused", reason: outcome.reason });
    return outcome;
  }

  async #update(choose: Choose): Promise<Outcome> {
    const start = await this.#whereToWrite();
    if (typeof start !== "string") return refused(start);
    const keys = await this.#keys();
    if (keys.length === 0)
      return refused(
        notNow("No key for updates is set: put the school's key into plugjam.toml, under [update]."),
      );
    const { ready } = await this.#memory.recall();
    if (ready?.slot === start) return this.#try(ready);
    const source = await choose(keys, (offer) => this.#judge(offer, start));
    if (source === null) return { kind: "idle" };
    if ("reason" in source) return refused(source);
    return this.#install(source, keys, start);
  }

  /** The slot to write, or why none may be written now. */
  async #whereToWrite(): Promise<Slot | Refusal> {
    const { layout, machine } = this.#parts;
    const running = runningSlot(await readFile(layout.commandLine, "utf8"));
    if (running === null)
      return never("This system was not started from a slot: write its card anew from an image.");
    const noTrial = machine.noTrial();
    if (noTrial !== null) return never(noTrial);
    const trial = await this.#memory.trial();
    if (trial?.slot === running) return notNow("An update is on trial: wait some minutes.");
    if (trial !== null) await settleLostTrial(this.#memory, this.#boot, trial);
    // Else the slot that would be written is the one that the next start needs.
    if ((await this.#boot.configured()) !== running)
      return notNow("Start the box again before it is updated.");
    const use = await inUse(machine, layout);
    return use === null ? otherSlot(running) : notNow(use);
  }

  async #keys(): Promise<Keys> {
    const text = await readFile(this.#parts.layout.keys, "utf8").catch(() => "");
    return parseKeys(text);
  }

  /** Whether a bundle whose signature holds is wanted here: null if so. */
  async #judge({ manifest, id }: Offer, slot: Slot): Promise<Refusal | null> {
    const { layout, machine } = this.#parts;
    const { version, allowDowngrade } = manifest;
    if (manifest.board !== board) return never(`The bundle is for ${manifest.board}, this box is ${board}.`);
    const { failures, slots } = await this.#memory.recall();
    const present = imageVersion(await readFile(layout.osRelease, "utf8"));
    if (present === null)
      return never("This system does not say its version: write its card anew from an image.");
    const offered = parseVersion(version);
    const isOlder = offered === null || !isNewer(offered, present);
    if ((isOlder && !allowDowngrade) || slots[otherSlot(slot)] === id || version === present.text)
      return never(`Version ${version} is not newer than ${present.text}, which runs.`);
    const failure = failures[id];
    if (failure !== undefined && failure.count >= maxFailures)
      return never(`Version ${version} failed on this box and is not tried again: ${failure.reason}`);
    const wanted = bytesWanted(manifest);
    if (wanted.root > (await machine.partitionBytes(layout.root[slot])))
      return never(`Version ${version} is too large for this card: write the card anew.`);
    const free = (await machine.freeBytes(layout.boot)) + (await this.#freedBytes(slot));
    if (wanted.boot > free)
      return notNow(
        `There is no room for version ${version} on the card's first partition: remove files of your own.`,
      );
    return null;
  }

  /** What goes when the slot is cleared. */
  async #freedBytes(slot: Slot): Promise<number> {
    const folders = [slotFolder(slot), `${slotFolder(slot)}.new`].map((name) =>
      join(this.#parts.layout.boot, name),
    );
    const sizes = await Promise.all(folders.map(bytesIn));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async #install(source: Source, keys: Keys, slot: Slot): Promise<Outcome> {
    const { disk, layout, machine, tell } = this.#parts;
    let taken: { readonly writer: SlotWriter; readonly ready: Ready } | null = null;
    try {
      const refusal = await readBundle(source.read(), keys, async (offer) => {
        const unwanted = await this.#judge(offer, slot);
        if (unwanted !== null) return unwanted;
        const { version, files } = offer.manifest;
        const writer = new SlotWriter({
          disk,
          boot: this.#boot,
          slot,
          rootPartition: layout.root[slot],
          forgetCached: (path) => machine.forgetCached(path),
          progress: everyTenth(sum(files), (percent) => tell({ state: "writing", version, percent })),
        });
        taken = { writer, ready: { id: offer.id, version, slot } };
        await this.#memory.remember({ ready: null });
        await this.#boot.openForFiles();
        await this.#boot.clear(slot);
        return writer;
      });
      if (refusal !== null) return refused(refusal);
    } finally {
      await (taken as { writer: SlotWriter } | null)?.writer.abandon();
      await this.#boot.close();
    }
    const { ready } = taken!;
    await this.#boot.write(() => this.#boot.finish(slot));
    await this.#memory.remember({ ready });
    const use = await inUse(machine, layout);
    return use === null ? this.#try(ready) : laterBecauseOf(use, ready);
  }

  /** Nobody plays when it is called. */
  async #try(ready: Ready): Promise<Outcome> {
    const { id, version, slot } = ready;
    const { layout, machine, tell } = this.#parts;
    const status = await machine.boxStatus(layout.socket);
    await this.#boot.write(() => this.#boot.allowTrial(slot));
    await this.#memory.beginTrial(slot, {
      id,
      version,
      hadCard: status?.audio.state === "running",
      hadNetwork: machine.hasNetwork(),
    });
    // A slow card takes seconds for that, and somebody may have pressed CONNECT meanwhile.
    const use = await inUse(machine, layout);
    if (use !== null) {
      // The note first: without a file to boot, it would count as a version that did not come up.
      await this.#memory.endTrial(slot);
      await this.#boot.write(() => this.#boot.forbidTrial());
      return laterBecauseOf(use, ready);
    }
    tell({ state: "trying", version });
    await machine.reboot("trial");
    return { kind: "trying" };
  }
}

/** It is written, and is tried without being read again. */
function laterBecauseOf(use: string, { version }: Ready): Outcome {
  return refused(notNow(`Version ${version} is ready. ${use}`));
}

function refused(refusal: Refusal): Outcome {
  return { kind: "refused", ...refusal };
}

function bytesWanted({ needs, files }: Manifest) {
  const [root] = files.filter(({ name }) => name === rootName);
  const boot = sum(files.filter(({ name }) => name.startsWith(`${bootFolder}/`)));
  return { root: Math.max(needs.rootBytes, root?.bytes ?? 0), boot: Math.max(needs.bootBytes, boot) };
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

/** Tells 0, 10, 20, ... percent, each once. */
function everyTenth(total: number, tell: (percent: number) => void): (bytes: number) => void {
  let told = -1;
  return (bytes) => {
    const tenth = Math.floor((bytes * 10) / total);
    if (tenth === told) return;
    told = tenth;
    tell(tenth * 10);
  };
}

/** Of all files in a folder; 0 where there is none. */
async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((total, size) => total + size, 0);
}
