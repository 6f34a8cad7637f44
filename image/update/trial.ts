// The first start of an update: whether it is good, and what follows from that.

import { readFile } from "node:fs/promises";
import { BootPartition } from "./boot-partition.js";
import type { Disk } from "./disk.js";
import type { Layout } from "./layout.js";
import type { Machine } from "./machine.js";
import { Memory, type Trial } from "./memory.js";
import type { Tell } from "./progress.js";
import { runningSlot, type Slot } from "./slot.js";

/** So long the box must have run without being started again. */
export const steadyMs = 60_000;
/** By then all must be well. */
export const patienceMs = 300_000;
const lookEveryMs = 2_000;
/** Nobody waits to the end for a box that ends again and again. */
const maxRestarts = 3;

export interface TrialParts {
  readonly layout: Layout;
  readonly machine: Machine;
  readonly disk: Disk;
  readonly tell: Tell;
  /** In ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

interface Verdict {
  /** Null: it is good. */
  readonly reason: string | null;
  /** It is the update's fault, not that of somebody who pulled a plug. */
  readonly isCertain: boolean;
}

/** Does nothing where nothing is on trial. Reboots into the old slot where the new one is not good. */
export async function settleTrial(parts: TrialParts): Promise<void> {
  const { disk, layout, machine, tell } = parts;
  const memory = new Memory(disk, layout.memory);
  const boot = new BootPartition(disk, layout.boot, (access) => machine.setAccess(layout.boot, access));
  const pending = await memory.trial();
  if (pending === null) return;
  if (runningSlot(await readFile(layout.commandLine, "utf8")) !== pending.slot) {
    tell({ state: "failed", reason: await settleLostTrial(memory, boot, pending) });
    return;
  }
  const { slot, trial } = pending;
  try {
    if ((await boot.configured()) !== slot) {
      tell({ state: "trying", version: trial.version });
      const { reason, isCertain } = await watch(parts, trial);
      if (reason !== null) {
        tell({ state: "failed", reason });
        await memory.rememberFailure(trial, reason, isCertain);
        await memory.endTrial(slot);
        await machine.reboot("plain");
        return;
      }
    }
    // From here on, the same again after a power cut does no harm.
    await boot.write(async () => {
      await boot.commit(slot);
      await boot.forbidTrial();
    });
    await memory.rememberCommit(slot, trial);
    await memory.endTrial(slot);
    tell({ state: "done", version: trial.version });
  } catch (error) {
    // config.txt names the slot that is to be: the old one, or the new one if only its bookkeeping failed.
    await machine.reboot("plain");
    throw error;
  }
}

/** The box runs the old slot though it was to try the new one. Gives the reason that is remembered. */
export async function settleLostTrial(
  memory: Memory,
  boot: BootPartition,
  { slot, trial }: { readonly slot: Slot; readonly trial: Trial },
): Promise<string> {
  const reason = `Version ${trial.version} did not come up: the box went back to the version before.`;
  await memory.rememberFailure(trial, reason, false);
  await boot.write(() => boot.forbidTrial());
  await memory.endTrial(slot);
  return reason;
}

async function watch({ layout, machine, now, wait }: TrialParts, trial: Trial): Promise<Verdict> {
  const { version } = trial;
  const endMs = now() + patienceMs;
  let startedAt: string | null = null;
  let steadySinceMs = 0;
  let verdict: Verdict = { reason: `Version ${version}: the box did not start.`, isCertain: true };
  while (now() < endMs) {
    const service = await machine.service();
    if (service.restarts >= maxRestarts)
      return { reason: `Version ${version}: the box ended again and again.`, isCertain: true };
    if (service.isActive && service.startedAt !== startedAt) {
      startedAt = service.startedAt;
      steadySinceMs = now();
    }
    if (!service.isActive) startedAt = null;
    else {
      verdict = await look(machine, layout, trial);
      if (verdict.reason === null) {
        if (now() - steadySinceMs >= steadyMs) return verdict;
        verdict = { reason: `Version ${version}: the box did not run for a minute on end.`, isCertain: true };
      }
    }
    await wait(lookEveryMs);
  }
  return verdict;
}

async function look(machine: Machine, { socket }: Layout, trial: Trial): Promise<Verdict> {
  const { version, hadCard, hadNetwork } = trial;
  const status = await machine.boxStatus(socket);
  if (status === null) return { reason: `Version ${version}: the box does not answer.`, isCertain: true };
  if (hadCard && status.audio.state !== "running")
    return {
      reason: `Version ${version} does not find the sound card that was there before.`,
      isCertain: false,
    };
  if (hadNetwork && !machine.hasNetwork())
    return { reason: `Version ${version} has no network, which was there before.`, isCertain: false };
  return { reason: null, isCertain: true };
}
