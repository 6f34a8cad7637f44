// The recorder, by the native addon: orders and news, the project files, and what becomes of old recordings.

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Cancel, Scheduler } from "../lib/clock.js";
import type { Logger } from "../lib/logger.js";
import { replaceFile } from "../lib/replace-file.js";
import { loadAddon, type NativeRecorderNotice, type NativeRecorderObject } from "./addon.js";
import type { Mixer } from "./mixer.js";
import { isNativeMixer } from "./native-mixer.js";
import { fileLabel } from "./recorder-labels.js";
import { audacityList, type RecordedSession, reaperProject } from "./recorder-projects.js";
import { deleteOldSessions } from "./recorder-retention.js";

/** As the hub hears it (hub/recorder.ts). */
type Notice =
  | { readonly kind: "writing"; readonly writing: boolean }
  | { readonly kind: "failed"; readonly reason: string };

export interface RecordingOptions {
  /** Of all recordings: each session makes its own below. Made where it is missing. */
  readonly folder: string;
  readonly bits: 16 | 24;
  /** Musicians' names in the names of files. */
  readonly names: boolean;
  /** Older sessions are deleted; 0: none. */
  readonly keepDays: number;
  readonly clock: Scheduler;
  readonly wallClock?: () => Date;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly onNotice: (notice: Notice) => void;
}

/** Makes the addon's side; it tells nothing before it is returned. */
export type CreateNative = (onNotice: (notice: NativeRecorderNotice) => void) => NativeRecorderObject;

/** One for each native mixer. Takes memory for 5 s of sound of a full hub: 1 MB for each client. */
export function createNativeRecorder(mixer: Mixer, options: RecordingOptions): NativeRecorder {
  const { Recorder } = loadAddon();
  if (!isNativeMixer(mixer)) throw new TypeError("The recorder taps native mixers only.");
  return new NativeRecorder(
    options,
    (onNotice) => new Recorder(mixer.native, options.folder, options.bits, onNotice),
  );
}

const dayMs = 86_400_000;

export class NativeRecorder {
  readonly #options: RecordingOptions;
  readonly #native: NativeRecorderObject;
  /** Sessions whose project files are to be written, by folder. */
  readonly #wishes = new Map<string, RecordedSession>();
  /** Frames that gaps stand for, by folder. */
  readonly #missing = new Map<string, number>();
  #work: Promise<void>;
  #writing = false;
  #cancelTimer: Cancel = () => {};
  #closed = () => {};

  constructor(options: RecordingOptions, create: CreateNative) {
    this.#options = options;
    this.#native = create((notice) => this.#hear(notice));
    this.#work = mkdir(options.folder, { recursive: true, mode: 0o750 }).then(
      () => {},
      (error) => this.#warn("the folder for recordings cannot be made", error),
    );
    this.#tidy();
  }

  start(): void {
    this.#native.start();
  }

  stop(): void {
    this.#must(this.#native.stop());
  }

  newSession(): void {
    this.#must(this.#native.newSession());
  }

  include(slot: number, name: string): void {
    this.#must(this.#native.include(slot, fileLabel(name, this.#options.names)));
  }

  exclude(slot: number): void {
    this.#must(this.#native.exclude(slot));
  }

  /** Resolves when everything is on the disk. */
  async close(): Promise<void> {
    this.#cancelTimer();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#native.close();
    });
    await this.#work;
  }

  #hear(notice: NativeRecorderNotice): void {
    switch (notice.kind) {
      case "writing":
        this.#writing = notice.writing;
        this.#options.onNotice(notice);
        break;
      case "session":
        this.#show(notice.session);
        break;
      case "failed":
        this.#options.onNotice({ kind: "failed", reason: troubleOf(notice.code) });
        break;
      case "closed":
        this.#closed();
        break;
    }
  }

  #show(session: RecordedSession): void {
    const missing = session.gaps.reduce((sum, { frames }) => sum + frames, 0);
    if (missing > (this.#missing.get(session.folder) ?? 0))
      this.#options.logger.warn(
        `the disk was too slow: ${(missing / 48000).toFixed(2)} s are missing from the recording`,
      );
    this.#missing.set(session.folder, missing);
    const idle = this.#wishes.size === 0;
    this.#wishes.set(session.folder, session);
    if (idle) this.#work = this.#work.then(() => this.#writeProjects());
  }

  async #writeProjects(): Promise<void> {
    for (const [folder, session] of this.#wishes) {
      const path = join(this.#options.folder, folder);
      try {
        // Who has deleted the session does not want it back.
        if (existsSync(path)) {
          await replaceFile(join(path, `${folder}.rpp`), reaperProject(session));
          await replaceFile(join(path, `${folder}.lof`), audacityList(session));
        }
      } catch (error) {
        this.#warn("a project file cannot be written", error);
      }
      if (this.#wishes.get(folder) === session) this.#wishes.delete(folder);
    }
    if (this.#wishes.size > 0) await this.#writeProjects();
  }

  /** Deletes what is old, now and once a day. */
  #tidy(): void {
    const { folder, keepDays, clock, wallClock, logger } = this.#options;
    if (keepDays === 0) return;
    // Only the session that is being written, the latest: a hub that is up for months must let go of the others.
    const spared = new Set(this.#writing ? [...this.#missing.keys()].slice(-1) : []);
    const now = wallClock?.() ?? new Date();
    this.#work = this.#work.then(() =>
      deleteOldSessions(folder, keepDays, now, spared).then(
        (count) => {
          if (count > 0) logger.info(`deleted recordings older than ${keepDays} days: ${count}`);
        },
        (error) => this.#warn("old recordings cannot be deleted", error),
      ),
    );
    this.#cancelTimer = clock.after(dayMs, () => this.#tidy());
  }

  /** The mixer drains its orders every tick: a full queue means that it hangs. */
  #must(taken: boolean): void {
    if (!taken) throw new Error("The mixer takes no orders any more.");
  }

  #warn(what: string, error: unknown): void {
    this.#options.logger.warn(`${what}: ${(error as NodeJS.ErrnoException).code ?? "unknown"}`);
  }
}

/** A sentence for the operator. */
export function troubleOf(code: string): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return "The disk is full.";
    case "EFBIG":
      return "The disk takes no file as large as this.";
    case "ENOENT":
    case "ENOTDIR":
      return "The folder for recordings is gone.";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "The folder for recordings may not be written to.";
    default:
      return `The disk failed (${code}).`;
  }
}
