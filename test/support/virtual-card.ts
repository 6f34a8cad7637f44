// A virtual sound card in a test's hands: its faults, its clock, and what was played on it.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  control,
  createVirtualCard,
  type VirtualCardFiles,
  type VirtualCardOptions,
} from "../../src/audio/virtual-card.js";

export type Side = "capture" | "playback";

const bothSides: readonly Side[] = ["capture", "playback"];

// In memory where there is such a place: a disk makes the player wait when it first touches a page of the file.
const cards = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Faults go to both sides unless told otherwise. Frames are the card's own, counted from when it was made. */
export class VirtualCard implements VirtualCardFiles {
  readonly device: string;
  readonly env: { readonly ALSA_CONFIG_PATH: string };
  readonly configPath: string;
  readonly controlPath: string;
  readonly playbackPath: string | null;
  /** Samples to a frame of the playback file. */
  readonly channels: number;
  readonly #folder: string;
  readonly #control: number;
  readonly #nanohertz: bigint;

  /** A new card in a folder of its own; remove() ends it. */
  constructor(options: VirtualCardOptions = {}) {
    this.#folder = mkdtempSync(join(cards, "plugjam-card-"));
    const files = createVirtualCard(this.#folder, options);
    this.device = files.device;
    this.env = files.env;
    this.configPath = files.configPath;
    this.controlPath = files.controlPath;
    this.playbackPath = files.playbackPath;
    this.channels = options.channels?.max ?? 2;
    this.#nanohertz =
      BigInt(options.rateHz ?? 48000) * (1_000_000_000n + BigInt(Math.round((options.ppm ?? 0) * 1000)));
    this.#control = openSync(files.controlPath, "r+");
  }

  remove(): void {
    closeSync(this.#control);
    rmSync(this.#folder, { recursive: true });
  }

  /** CLOCK_MONOTONIC, which is process.hrtime, at which the side's frame 0 was. */
  epochNs(side: Side): bigint {
    return this.#read64(this.#at(side, "epochNs"));
  }

  /** The side's frame counter now. */
  currentFrame(side: Side): number {
    const stoppedAt = this.#read64(this.#at(side, "stoppedAtNs"));
    const now = stoppedAt === 0n ? process.hrtime.bigint() : stoppedAt;
    return Number(((now - this.epochNs(side)) * this.#nanohertz) / 10n ** 18n);
  }

  /** The frame at which the side was last started. */
  startFrame(side: Side): number {
    return Number(this.#read64(this.#at(side, "startFrame")));
  }

  /** How often the side was started since the card was made. */
  starts(side: Side): number {
    return this.#read32(this.#at(side, "starts"));
  }

  /** How often the side ran over or under, whether or not the application noticed. */
  xruns(side: Side): number {
    return this.#read32(this.#at(side, "xruns"));
  }

  /** The clock stands still: the pointer does not move and nobody is woken. */
  stopClock(sides: readonly Side[] = bothSides): void {
    const now = process.hrtime.bigint();
    for (const side of sides) this.#write64(this.#at(side, "stoppedAtNs"), now);
  }

  /** The clock goes on from the frame at which it was stopped. */
  startClock(sides: readonly Side[] = bothSides): void {
    const now = process.hrtime.bigint();
    for (const side of sides) {
      const stoppedAt = this.#read64(this.#at(side, "stoppedAtNs"));
      if (stoppedAt === 0n) continue;
      this.#write64(this.#at(side, "epochNs"), this.epochNs(side) + now - stoppedAt);
      this.#write64(this.#at(side, "stoppedAtNs"), 0n);
    }
  }

  /** ENODEV from everything; sleepers wake. Handles that were open stay dead after plugIn(). */
  pullOut(sides: readonly Side[] = bothSides): void {
    for (const side of sides) {
      const count = this.#at(side, "vanishCount");
      this.#write32(count, this.#read32(count) + 1);
      this.#setFault(side, control.fault.vanished, true);
    }
  }

  plugIn(sides: readonly Side[] = bothSides): void {
    for (const side of sides) this.#setFault(side, control.fault.vanished, false);
  }

  /** Somebody else has it, or no longer: the next open gives EBUSY. */
  setBusy(busy: boolean, sides: readonly Side[] = bothSides): void {
    for (const side of sides) this.#setFault(side, control.fault.busy, busy);
  }

  /** ESTRPIPE until it is no longer suspended and the application resumes or prepares. */
  setSuspended(suspended: boolean, sides: readonly Side[] = bothSides): void {
    for (const side of sides) this.#setFault(side, control.fault.suspended, suspended);
  }

  /** Who moves frames does not come back until it is over: a driver that is stuck. */
  setHung(hung: boolean, sides: readonly Side[] = bothSides): void {
    for (const side of sides) this.#setFault(side, control.fault.hung, hung);
  }

  /** The clock of both sides jumps so many frames ahead: more than a buffer of them is an xrun. */
  jump(frames: number): void {
    const ns = BigInt(Math.round((frames * 1e9) / 48000));
    for (const side of bothSides) this.#write64(this.#at(side, "epochNs"), this.epochNs(side) - ns);
  }

  /** What was played from one frame up to another, interleaved; 0 where nothing was. */
  played(from: number, to: number): Float32Array {
    if (this.playbackPath === null) throw new Error("this card keeps nothing: give it playbackSeconds");
    const samples = new Float32Array((to - from) * this.channels);
    const base = Number(this.#read64(control.playbackBaseFrame));
    const file = openSync(this.playbackPath, "r");
    readSync(file, new Uint8Array(samples.buffer), 0, samples.byteLength, (from - base) * this.channels * 4);
    closeSync(file);
    return samples;
  }

  /**
   * Makes room in the playback file: it begins with this frame from now on. Only where time is virtual: in any other,
   * what is played meanwhile is lost.
   */
  forgetBefore(frame: number): void {
    if (this.playbackPath === null) throw new Error("this card keeps nothing: give it playbackSeconds");
    // More than any card holds that is still to be played.
    const kept = this.played(frame, this.currentFrame("playback") + 48_000);
    const { size } = statSync(this.playbackPath);
    const file = openSync(this.playbackPath, "r+");
    ftruncateSync(file, 0);
    ftruncateSync(file, size);
    writeSync(file, new Uint8Array(kept.buffer), 0, Math.min(kept.byteLength, size), 0);
    closeSync(file);
    this.#write64(control.playbackBaseFrame, BigInt(frame));
  }

  /** Which frames between the two had anything played on them, silence counted: spans, first to one past last. */
  playedSpans(from: number, to: number): { from: number; to: number }[] {
    const spans: { from: number; to: number }[] = [];
    // A silent sample that was played is stored as -0, whose bits are not all zero.
    const bits = new Uint32Array(this.played(from, to).buffer);
    for (let frame = from; frame < to; frame++) {
      const first = (frame - from) * this.channels;
      if (bits.subarray(first, first + this.channels).every((sample) => sample === 0)) continue;
      const last = spans.at(-1);
      if (last?.to === frame) last.to = frame + 1;
      else spans.push({ from: frame, to: frame + 1 });
    }
    return spans;
  }

  #setFault(side: Side, fault: number, on: boolean): void {
    const at = this.#at(side, "faults");
    this.#write32(at, on ? this.#read32(at) | fault : this.#read32(at) & ~fault);
  }

  #at(side: Side, field: keyof typeof control.side): number {
    return control[side] + control.side[field];
  }

  #read(position: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes);
    readSync(this.#control, buffer, 0, bytes, position);
    return buffer;
  }

  #read32(position: number): number {
    return this.#read(position, 4).readUInt32LE();
  }

  #read64(position: number): bigint {
    return this.#read(position, 8).readBigUInt64LE();
  }

  #write32(position: number, value: number): void {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value);
    writeSync(this.#control, buffer, 0, 4, position);
  }

  #write64(position: number, value: bigint): void {
    const buffer = Buffer.alloc(8);
    buffer.writeBigUInt64LE(value);
    writeSync(this.#control, buffer, 0, 8, position);
  }
}
