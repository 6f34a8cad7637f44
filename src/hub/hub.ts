// The hub: server, directory and recorder's master. Builds its parts, connects them to the mixer, keeps one timer.

import { randomInt } from "node:crypto";
import type { Endpoint } from "../audio/engine.js";
import type { Mixer, MixerNotice, MixerOptions } from "../audio/mixer.js";
import type { Cancel, Clock, Scheduler } from "../lib/clock.js";
import type { Logger } from "../lib/logger.js";
import { parseServerAddress } from "../lib/server-address.js";
import { version } from "../lib/version.js";
import { connectionlessDatagram, defaultPort } from "../protocol/index.js";
import { announcedVersion } from "./announced-version.js";
import { Directory, type ServerInfo } from "./directory.js";
import { DirectoryStore } from "./directory-store.js";
import { Hall } from "./hall.js";
import { clientStatuses, type HubStatus } from "./hub-status.js";
import type { RecordingWish } from "./machine-types.js";
import { contains, isPrivate, networks } from "./networks.js";
import { ownAddressTowards } from "./own-address.js";
import { Reception } from "./reception.js";
import type { Recorder, RecorderNotice } from "./recorder.js";
import { Registrations } from "./registrations.js";

export interface HubSettings {
  /** As written: "address:port" or "[v6]:port". */
  readonly listen: string;
  /** At most 20 UTF-16 code units, as the city. */
  readonly name: string;
  readonly city: string;
  /** Wire code. */
  readonly country: number;
  /** 1 to 150. */
  readonly maxClients: number;
  readonly welcome: string;
  readonly smallBlocks: boolean;
  readonly licence: boolean;
  readonly chat: boolean;
  /** Serves other networks than private, link-local and loopback ones, too. */
  readonly public: boolean;
  /** Records from the start; without a recorder it has no effect. */
  readonly record: boolean;
  readonly directory: boolean;
  /** Networks, "address" or "address/bits", whose servers the directory lists; empty: all. */
  readonly directoryAllow: readonly string[];
  readonly directoryDeny: readonly string[];
  /** Directories to be listed in. */
  readonly registerWith: readonly string[];
}

export interface HubOptions {
  readonly settings: HubSettings;
  /** Throws if there is no such address or port to be had. */
  readonly createMixer: (options: MixerOptions) => Mixer;
  /** Left out: there is no folder to record to. */
  readonly createRecorder?: (mixer: Mixer, onNotice: (notice: RecorderNotice) => void) => Recorder;
  readonly clock: Clock & Scheduler;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
  /** Where the directory keeps its list. */
  readonly stateFolder: string;
  /** Finds a directory; null: it cannot be found. Never rejects. */
  readonly resolve: (address: string) => Promise<Endpoint | null>;
  readonly ownAddressTowards?: typeof ownAddressTowards;
  /** A whole number from 0 to `below` - 1 that nobody can guess. */
  readonly random?: (below: number) => number;
  readonly wallClock?: () => Date;
}

/** An address that is not there yet, or a port that another program has: asked again so often. */
const retryMs = 5_000;

/** A burst of registrations is written as one: disks of boxes wear out. */
const storeAfterMs = 10_000;

const emptyMessage = connectionlessDatagram({ kind: "CLM_EMPTY_MESSAGE" });

export type Absence = "for-good" | "for-a-while";

interface Running {
  readonly mixer: Mixer;
  readonly recorder: Recorder | null;
  readonly hall: Hall;
  readonly reception: Reception;
  readonly registrations: Registrations;
  readonly directory: Directory | null;
}

export class Hub {
  readonly #options: HubOptions;
  readonly #version = announcedVersion(version);
  readonly #admits: (address: string) => boolean;
  readonly #store: DirectoryStore;
  readonly #watchers = new Set<() => void>();
  #running: Running | null = null;
  #stopped = Promise.resolve();
  #trouble: string | null = null;
  #refused = 0;
  #cancelTimer: Cancel = () => {};
  #cancelRetry: Cancel = () => {};
  /** When the directory's list is written; infinity: it is on the disk. */
  #storeAtMs = Number.POSITIVE_INFINITY;
  #changed = false;

  /** Throws where a network of the settings is none. */
  constructor(options: HubOptions) {
    this.#options = options;
    this.#admits = listing(options.settings);
    this.#store = new DirectoryStore(options.stateFolder, options.logger);
  }

  /** How often the mixer's thread has gone round: it hangs if this stands still for a second. None while there is none. */
  get turns(): readonly number[] {
    return this.#running ? [this.#running.mixer.turns()] : [];
  }

  /** Null: it is up. Else why not, in words; it goes on trying, and tells who watches when it is up. */
  start(): string | null {
    const { settings, clock, logger } = this.#options;
    if (this.#running !== null) return null;
    this.#cancelRetry();
    try {
      this.#running = this.#open();
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      const trouble = `${settings.listen} cannot be had: ${why}`;
      this.#cancelRetry = clock.after(retryMs, () => this.start());
      if (trouble !== this.#trouble) {
        this.#trouble = trouble;
        // The log names no addresses, not even our own.
        logger.error(`hub.listen cannot be had: ${why}`);
        this.#tell();
      }
      return trouble;
    }
    if (this.#trouble !== null) logger.info("the hub is up");
    this.#trouble = null;
    if (settings.registerWith.length > 0 && !settings.public)
      logger.warn("this hub is listed by a directory but serves private networks only: set hub.public");
    if (settings.record) this.#running.hall.record("start");
    this.#changed = true;
    this.#settle();
    return null;
  }

  /**
   * Resolves when nothing is left to be written. For good, everybody is sent away; else they stay, play to nobody, and
   * are back by themselves when the hub is.
   */
  stop(howLong: Absence): Promise<void> {
    const running = this.#running;
    this.#cancelRetry();
    if (running !== null) {
      this.#running = null;
      this.#cancelTimer();
      this.#stopped = this.#close(running, howLong);
    }
    return this.#stopped;
  }

  /** Null: it is so, or will be once all are told. Else why it cannot be, in words. */
  record(wish: RecordingWish): string | null {
    if (this.#running === null) return "The hub is not up.";
    if (this.#running.recorder === null) return "There is no folder to record to: set hub.record_dir.";
    this.#running.hall.record(wish);
    this.#settle();
    return null;
  }

  status(): HubStatus {
    const { settings, clock } = this.#options;
    const running = this.#running;
    const state = running?.hall.state;
    return {
      state: running ? "up" : this.#trouble === null ? "off" : "failed",
      trouble: this.#trouble,
      name: settings.name,
      version: this.#version,
      port: running?.mixer.port ?? null,
      public: settings.public,
      maxClients: settings.maxClients,
      clients: running ? clientStatuses(running.hall.state, running.mixer, clock.nowMs()) : [],
      recording: state?.recording.kind ?? "off",
      writing: state?.writing ?? false,
      recorderTrouble: state?.recorderTrouble ?? null,
      listed: running?.directory?.registered.length ?? null,
      registrations: running?.registrations.status ?? [],
      counters: {
        mixer: running?.mixer.counters() ?? null,
        clients: running?.hall.counters ?? null,
        strangers: running?.reception.counters ?? null,
        refused: this.#refused,
      },
    };
  }

  /** Calls `changed` after each change of who is here, what is recorded and where we are listed; gives what ends that. */
  onChange(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  /** Entries in the largest table that strangers can fill: it has a bound. */
  get tableSize(): number {
    return Math.max(this.#running?.hall.size ?? 0, this.#running?.reception.size ?? 0);
  }

  async #close(running: Running, howLong: Absence): Promise<void> {
    const { mixer, hall, registrations, recorder } = running;
    hall.close(howLong === "for-good");
    registrations.close();
    this.#keepList(running);
    await recorder?.close();
    mixer.close();
    this.#tell();
    await this.#store.settled();
  }

  #open(): Running {
    const { settings, createMixer } = this.#options;
    const mixer = createMixer({
      listen: listenEndpoint(settings.listen),
      tickFrames: settings.smallBlocks ? 64 : 128,
      maxClients: settings.maxClients,
      onNotice: (notice) => this.#hear(notice),
    });
    try {
      return this.#furnish(mixer);
    } catch (error) {
      // Or its own socket would be in the way the next time.
      mixer.close();
      throw error;
    }
  }

  #furnish(mixer: Mixer): Running {
    const { settings, clock, createRecorder } = this.#options;
    const send = (to: Endpoint, datagram: Uint8Array): void => void mixer.send(to, datagram);
    const changed = () => {
      this.#changed = true;
    };
    const { name: serverName, city, country, maxClients } = settings;
    const own = { port: mixer.port, country, maxClients, serverName, city };
    const directory = settings.directory ? this.#directory(own) : null;
    const registrations = new Registrations({
      directories: settings.registerWith,
      clock,
      own,
      version: this.#version,
      resolve: this.#options.resolve,
      ownAddressTowards: this.#options.ownAddressTowards ?? ownAddressTowards,
      send,
      onChange: () => {
        this.#changed = true;
        this.#settle();
      },
    });
    const heardRecorder = (notice: RecorderNotice) => {
      hall.recorderSaid(notice);
      this.#settle();
    };
    const recorder = createRecorder?.(mixer, heardRecorder) ?? null;
    const hall = new Hall({
      mixer,
      recorder,
      clock,
      wallClock: this.#options.wallClock ?? (() => new Date()),
      random: this.#options.random ?? ((below) => randomInt(below)),
      rules: {
        maxClients,
        welcome: settings.welcome,
        licence: settings.licence,
        chat: settings.chat,
        version: this.#version,
      },
      onConnectionless: (from, message, bytes, proven) => reception.hear(from, message, bytes, proven),
      onChange: changed,
    });
    const reception = new Reception({
      clock,
      facts: { smallBlocks: settings.smallBlocks, ipv6: listensToIpv6(settings.listen) },
      state: () => hall.state,
      directory,
      registrations,
      serves: (address) => this.#serves(address),
      send,
      onConversation: (from, datagram) => hall.overhear(from, datagram, clock.nowMs()),
      onListed: () => this.#listed(),
    });
    return { mixer, recorder, hall, reception, registrations, directory };
  }

  #directory(own: Omit<ServerInfo, "permanent" | "internalAddress">): Directory {
    const now = this.#options.clock.nowMs();
    const directory = new Directory(
      { own: { ...own, permanent: true, internalAddress: "" }, admits: this.#admits },
      now,
    );
    directory.restore(this.#store.load(), now);
    return directory;
  }

  #hear(notice: MixerNotice): void {
    if (this.#running === null) return;
    const { hall, reception } = this.#running;
    switch (notice.kind) {
      case "message": {
        const { slot, from, bytes, receivedAtMs } = notice;
        if (slot !== null && hall.receive(slot, from, bytes, receivedAtMs)) break;
        if (this.#isWelcome(from)) reception.receive(from, bytes);
        break;
      }
      case "knock":
        if (this.#isWelcome(notice.from)) hall.knock(notice.from, notice.bytes, notice.atMs);
        break;
      case "client.silent":
        hall.silent(notice.slot, notice.atMs);
        break;
      case "client.jitter":
        hall.jitter(notice.slot, notice.blocks);
        break;
    }
    this.#settle();
  }

  /** A directory that lists us may answer, wherever it is. */
  #isWelcome(from: Endpoint): boolean {
    if (this.#serves(from.address) || this.#running?.registrations.isDirectory(from)) return true;
    this.#refused += 1;
    return false;
  }

  #serves(address: string): boolean {
    return this.#options.settings.public || isPrivate(address);
  }

  #tick(): void {
    if (this.#running === null) return;
    const { hall, registrations, directory, mixer } = this.#running;
    hall.tick();
    registrations.tick();
    if (directory !== null) {
      const { keepAlive, changed } = directory.tick(this.#options.clock.nowMs());
      for (const endpoint of keepAlive) mixer.send(endpoint, emptyMessage);
      if (changed) this.#listed();
    }
    if (this.#options.clock.nowMs() >= this.#storeAtMs) this.#keepList(this.#running);
    this.#settle();
  }

  /** The directory's list is another one. */
  #listed(): void {
    this.#changed = true;
    this.#storeAtMs = Math.min(this.#storeAtMs, this.#options.clock.nowMs() + storeAfterMs);
  }

  #keepList({ directory }: Running): void {
    if (directory !== null && Number.isFinite(this.#storeAtMs)) this.#store.store(directory.registered);
    this.#storeAtMs = Number.POSITIVE_INFINITY;
  }

  /** Ends every entry: sets the one timer, then tells the news. */
  #settle(): void {
    this.#cancelTimer();
    if (this.#running === null) return;
    const { hall, registrations, directory } = this.#running;
    const { clock } = this.#options;
    const wakeAtMs = Math.min(
      hall.wakeAtMs(),
      registrations.wakeAtMs(),
      directory?.wakeAtMs() ?? Number.POSITIVE_INFINITY,
      this.#storeAtMs,
    );
    if (Number.isFinite(wakeAtMs))
      this.#cancelTimer = clock.after(Math.max(0, wakeAtMs - clock.nowMs()), () => this.#tick());
    if (!this.#changed) return;
    this.#changed = false;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

function listenEndpoint(listen: string): Endpoint {
  const parsed = parseServerAddress(listen);
  if (parsed === null) throw new Error("it is no address");
  return { address: parsed.host, port: parsed.port ?? defaultPort };
}

/** Whose servers the directory lists. */
function listing({ directoryAllow, directoryDeny }: HubSettings): (address: string) => boolean {
  const allowed = directoryAllow.length === 0 ? null : networks(directoryAllow);
  const denied = networks(directoryDeny);
  return (address) => (allowed === null || contains(allowed, address)) && !contains(denied, address);
}

/** `[::]:PORT`, `[ADDRESS]:PORT`; and 0.0.0.0 is all there is, of both families. */
function listensToIpv6(listen: string): boolean {
  return listen.startsWith("[") || listen.startsWith("0.0.0.0:");
}
