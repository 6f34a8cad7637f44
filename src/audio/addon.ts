// The only loader of the native addon, and its types.

import { createRequire } from "node:module";
import type { NativeGpio } from "../lib/native-gpio.js";
import type {
  AudioFormat,
  CardOptions,
  CardResult,
  Counters,
  Endpoint,
  EngineNotice,
  Levels,
  ThreadTiming,
} from "./engine.js";
import type { ClientCounters, MixerCounters, MixerNotice } from "./mixer.js";
import type { RecordedSession } from "./recorder-projects.js";

/** An ALSA device, as `plugjam devices` lists it. */
export interface SoundDevice {
  readonly device: string;
  readonly name: string;
  readonly capture: boolean;
  readonly playback: boolean;
}

/** Native side of the engine. Orders return false when the queue to the audio thread is full. */
export interface NativeEngineObject {
  openCard(options: CardOptions): Promise<CardResult>;
  /** The number comes back in the notices of this join. */
  join(server: Endpoint, format: AudioFormat, number: number): boolean;
  setFormat(format: AudioFormat): boolean;
  leave(): boolean;
  admit(peer: Endpoint): boolean;
  dismiss(peer: Endpoint): boolean;
  send(to: Endpoint, bytes: Uint8Array): boolean;
  setFarewell(to: Endpoint | null, bytes?: Uint8Array): boolean;
  /** Linear. */
  setInputGain(gain: number): boolean;
  setMuted(muted: boolean): boolean;
  setRecordingGuard(armed: boolean): boolean;
  setChannelMode(mode: string): boolean;
  /** Blocks; 0: automatic. */
  setJitter(blocks: number): boolean;
  /** Once; false: they were there already. */
  setPrompts(prompts: readonly Int16Array[]): boolean;
  playPrompt(index: number, topic: number): boolean;
  levels(): Levels;
  counters(): Counters;
  timing(): ThreadTiming;
  turns(): number;
  port(): number;
  refusals(): { readonly priority: string | null; readonly memory: string | null };
  close(): void;
}

/** What the addon's recorder tells. */
export type NativeRecorderNotice =
  | { readonly kind: "writing"; readonly writing: boolean }
  /** At each change, every 10 s, and at its end. */
  | { readonly kind: "session"; readonly session: RecordedSession }
  /** It has stopped; `code` is the name of an error, such as ENOSPC. */
  | { readonly kind: "failed"; readonly code: string }
  /** The last one: nothing is left to be written. */
  | { readonly kind: "closed" };

/** Native side of the recorder. Orders return false when the queue to the mixer is full. */
export interface NativeRecorderObject {
  start(): void;
  stop(): boolean;
  newSession(): boolean;
  /** The label becomes part of a file's name. */
  include(slot: number, label: string): boolean;
  exclude(slot: number): boolean;
  /** Told as `closed` when it is done. */
  close(): void;
}

/** A notice, and the number of the join it speaks of, where it speaks of one. */
export type NativeNotice = EngineNotice & { readonly join?: number };

/** Native side of the mixer. Orders return false when the queue to its thread is full. */
export interface NativeMixerObject {
  /** The number comes back in what is told of this client. */
  addClient(slot: number, endpoint: Endpoint, number: number): boolean;
  removeClient(slot: number): boolean;
  setFormat(slot: number, format: AudioFormat): boolean;
  admitToMix(slot: number): boolean;
  setGain(listener: number, source: number, gain: number): boolean;
  setPan(listener: number, source: number, pan: number): boolean;
  /** Blocks; 0: automatic. */
  setJitter(slot: number, blocks: number): boolean;
  send(to: Endpoint, bytes: Uint8Array): boolean;
  clientCounters(slot: number): ClientCounters;
  counters(): MixerCounters;
  turns(): number;
  port(): number;
  refusals(): { readonly priority: string | null; readonly memory: string | null };
  close(): void;
}

/** A notice, and the number of the client it speaks of, where it speaks of one. */
export type NativeMixerNotice = MixerNotice & { readonly client?: number };

export interface Addon extends NativeGpio {
  readonly Engine: new (port: number, onNotice: (notice: NativeNotice) => void) => NativeEngineObject;
  /** One for each mixer. */
  readonly Recorder: new (
    mixer: NativeMixerObject,
    folder: string,
    bits: 16 | 24,
    onNotice: (notice: NativeRecorderNotice) => void,
  ) => NativeRecorderObject;
  readonly Mixer: new (
    address: string,
    port: number,
    tickFrames: number,
    maxClients: number,
    onNotice: (notice: NativeMixerNotice) => void,
  ) => NativeMixerObject;
  listDevices(): SoundDevice[];
  /** One datagram of sd_notify(3); gives the name of the error that kept it from being sent, else null. */
  notifyService(socket: string, text: string): string | null;
}

const require = createRequire(import.meta.url);

/** Throws where the addon was not built for this machine. */
export function loadAddon(): Addon {
  return require("../../../native/build/Release/plugjam.node") as Addon;
}
