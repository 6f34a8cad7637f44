// The sound engine, by the native addon.

import { loadAddon, type NativeEngineObject, type NativeNotice } from "./addon.js";
import type {
  AudioEngine,
  AudioFormat,
  CardOptions,
  CardResult,
  ChannelMode,
  Counters,
  Endpoint,
  EngineNotice,
  Levels,
  ThreadTiming,
} from "./engine.js";

/** The native engine keeps this many addresses apart. */
const mostPeers = 16;

export interface NativeEngineOptions {
  /** Local UDP port; 0, the default: any free one. */
  readonly port?: number;
  readonly onNotice: (notice: EngineNotice) => void;
}

/** Throws where the addon cannot be loaded, or the system has no socket or thread for it. */
export function createNativeEngine(options: NativeEngineOptions): AudioEngine {
  const addon = loadAddon();
  const engine: NativeEngine = new NativeEngine(
    (hear) => new addon.Engine(options.port ?? 0, hear),
    options.onNotice,
  );
  const refusals = engine.refusals();
  queueMicrotask(() => {
    for (const what of ["priority", "memory"] as const) {
      const code = refusals[what];
      if (code !== null) options.onNotice({ kind: "realtime.refused", what, code });
    }
  });
  return engine;
}

/** `create` makes the native half; in the product, the addon's. */
export class NativeEngine implements AudioEngine {
  readonly port: number;
  readonly #native: NativeEngineObject;
  readonly #peers = new Set<string>();
  #server: Endpoint | null = null;
  #joins = 0;
  /** Cards are opened one after the other. */
  #cards: Promise<unknown> = Promise.resolve();
  readonly #onNotice: (notice: EngineNotice) => void;
  #opening = 0;
  /** A card may be lost in the very moment in which it was opened: that it was opened is told first. */
  readonly #held: EngineNotice[] = [];

  constructor(
    create: (hear: (notice: NativeNotice) => void) => NativeEngineObject,
    onNotice: (notice: EngineNotice) => void,
  ) {
    this.#onNotice = onNotice;
    // News of an earlier join that was still under way says nothing about this one.
    this.#native = create(({ join, ...notice }) => {
      if (isOfJoin(notice) && join !== this.#joins) return;
      if (notice.kind === "card.lost" && this.#opening > 0) this.#held.push(notice);
      else onNotice(notice);
    });
    this.port = this.#native.port();
  }

  refusals() {
    return this.#native.refusals();
  }

  openCard(options: CardOptions): Promise<CardResult> {
    const opened = this.#cards.then(() => this.#native.openCard(options));
    this.#cards = opened.catch(() => undefined);
    this.#opening += 1;
    // Whoever waits for the outcome has it by the next turn of the loop.
    void this.#cards.then(() => setImmediate(() => this.#opened()));
    return opened;
  }

  #opened(): void {
    this.#opening -= 1;
    if (this.#opening === 0) for (const notice of this.#held.splice(0)) this.#onNotice(notice);
  }

  join(server: Endpoint, format: AudioFormat): void {
    this.#server = server;
    this.#peers.add(key(server));
    this.#joins += 1;
    this.#must(this.#native.join(server, format, this.#joins));
  }

  setFormat(format: AudioFormat): void {
    this.#must(this.#native.setFormat(format));
  }

  leave(): void {
    this.#must(this.#native.leave());
  }

  admit(peer: Endpoint): boolean {
    if (!this.#peers.has(key(peer)) && this.#peers.size >= mostPeers) return false;
    this.#peers.add(key(peer));
    return this.#native.admit(peer);
  }

  dismiss(peer: Endpoint): void {
    this.#peers.delete(key(peer));
    this.#must(this.#native.dismiss(peer));
  }

  send(to: Endpoint, bytes: Uint8Array): boolean {
    return this.#native.send(to, bytes);
  }

  setFarewell(bytes: Uint8Array | null): void {
    if (bytes === null || this.#server === null) this.#native.setFarewell(null);
    else this.#native.setFarewell(this.#server, bytes);
  }

  setInputGainDb(db: number): void {
    this.#must(this.#native.setInputGain(10 ** (db / 20)));
  }

  setMuted(muted: boolean): void {
    this.#must(this.#native.setMuted(muted));
  }

  setRecordingGuard(armed: boolean): void {
    this.#must(this.#native.setRecordingGuard(armed));
  }

  setChannelMode(mode: ChannelMode): void {
    this.#must(this.#native.setChannelMode(mode));
  }

  setJitter(depth: number | "auto"): void {
    this.#must(this.#native.setJitter(depth === "auto" ? 0 : depth));
  }

  setPrompts(prompts: readonly Int16Array[]): void {
    if (!this.#native.setPrompts(prompts)) throw new Error("The engine has its prompts already.");
  }

  playPrompt(index: number, topic: number): void {
    this.#must(this.#native.playPrompt(index, topic));
  }

  levels(): Levels {
    return this.#native.levels();
  }

  counters(): Counters {
    return this.#native.counters();
  }

  timing(): ThreadTiming {
    return this.#native.timing();
  }

  turns(): number {
    return this.#native.turns();
  }

  close(): void {
    this.#held.length = 0;
    this.#native.close();
  }

  /** The audio thread drains its orders every period: a full queue means that it hangs. */
  #must(taken: boolean): void {
    if (!taken) throw new Error("The audio thread takes no orders any more.");
  }
}

function isOfJoin({ kind }: EngineNotice): boolean {
  return kind === "peer.heard" || kind === "peer.silent" || kind === "audio.started";
}

function key(endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port}`;
}
