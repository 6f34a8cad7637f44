// The hub's mixer, by the native addon.

import { loadAddon, type NativeMixerNotice, type NativeMixerObject } from "./addon.js";
import type { AudioFormat, Endpoint } from "./engine.js";
import type { ClientCounters, Mixer, MixerCounters, MixerNotice, MixerOptions } from "./mixer.js";

export interface NativeMixer extends Mixer {
  /** The addon's side of it, for the recorder. */
  readonly native: NativeMixerObject;
  /** What the system would not grant its thread, by the name of the error; it runs without. */
  readonly refusals: { readonly priority: string | null; readonly memory: string | null };
}

/**
 * Throws where the addon cannot be loaded, or the system has no socket or thread for it; then the error has the
 * system's `code`, such as EADDRINUSE, and a message for the operator.
 */
export function createNativeMixer(options: MixerOptions): NativeMixer {
  return new AddonMixer(options);
}

/** False: it is a test's. */
export function isNativeMixer(mixer: Mixer): mixer is NativeMixer {
  return mixer instanceof AddonMixer;
}

class AddonMixer implements NativeMixer {
  readonly port: number;
  readonly refusals: NativeMixer["refusals"];
  readonly native: NativeMixerObject;
  /** By slot: the number of the client in it. */
  readonly #numbers = new Map<number, number>();
  #added = 0;

  constructor({ listen, tickFrames, maxClients, onNotice }: MixerOptions) {
    const { Mixer: Native } = loadAddon();
    this.native = new Native(listen.address, listen.port, tickFrames, maxClients, (notice) => {
      const told = this.#present(notice);
      if (told !== null) onNotice(told);
    });
    this.port = this.native.port();
    this.refusals = this.native.refusals();
  }

  addClient(slot: number, endpoint: Endpoint): void {
    this.#added += 1;
    this.#must(this.native.addClient(slot, endpoint, this.#added));
    this.#numbers.set(slot, this.#added);
  }

  removeClient(slot: number): void {
    this.#numbers.delete(slot);
    this.#must(this.native.removeClient(slot));
  }

  setFormat(slot: number, format: AudioFormat): void {
    this.#must(this.native.setFormat(slot, format));
  }

  admitToMix(slot: number): void {
    this.#must(this.native.admitToMix(slot));
  }

  setGain(listener: number, source: number, gain: number): void {
    this.#must(this.native.setGain(listener, source, gain));
  }

  setPan(listener: number, source: number, pan: number): void {
    this.#must(this.native.setPan(listener, source, pan));
  }

  setJitter(slot: number, depth: number | "auto"): void {
    this.#must(this.native.setJitter(slot, depth === "auto" ? 0 : depth));
  }

  send(to: Endpoint, bytes: Uint8Array): boolean {
    return this.native.send(to, bytes);
  }

  clientCounters(slot: number): ClientCounters {
    return this.native.clientCounters(slot);
  }

  counters(): MixerCounters {
    return this.native.counters();
  }

  turns(): number {
    return this.native.turns();
  }

  close(): void {
    this.native.close();
  }

  /** News that was under way when its client was removed is not the next one's in that slot. */
  #present({ client, ...notice }: NativeMixerNotice): MixerNotice | null {
    if (notice.kind === "knock" || notice.slot === null) return notice;
    if (this.#numbers.get(notice.slot) === client) return notice;
    return notice.kind === "message" ? { ...notice, slot: null } : null;
  }

  /** The mixer's thread drains its orders every tick: a full queue means that it hangs. */
  #must(taken: boolean): void {
    if (!taken) throw new Error("The mixer's thread takes no orders any more.");
  }
}
