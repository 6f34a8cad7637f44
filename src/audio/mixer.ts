// What the hub may ask of the mixer, and what it hears back. No samples and no policy in here.

import type { AudioFormat, Endpoint } from "./engine.js";

export interface MixerOptions {
  /** Where to listen: a numeric address ("0.0.0.0" and "::" are all) and a port, 0 for any. */
  readonly listen: Endpoint;
  /** Frames from one tick to the next. */
  readonly tickFrames: 64 | 128;
  /** 1 to 150. Slots are numbered from 0; a slot is what the protocol calls a channel ID. */
  readonly maxClients: number;
  readonly onNotice: (notice: MixerNotice) => void;
}

export type MixerNotice =
  /** A well-formed message; `slot` is the client it came from, null for anybody else. */
  | {
      readonly kind: "message";
      readonly from: Endpoint;
      readonly slot: number | null;
      readonly bytes: Uint8Array;
      readonly receivedAtMs: number;
    }
  /** A datagram that is no message, from an address that is no client's. Told at a bounded rate; more are counted. */
  | { readonly kind: "knock"; readonly from: Endpoint; readonly bytes: number; readonly atMs: number }
  /** No audio datagram from this client for 30 s (spec 4.4). It stays until it is removed. */
  | { readonly kind: "client.silent"; readonly slot: number; readonly atMs: number }
  /** The automatic depth of this client's jitter buffer has changed. */
  | { readonly kind: "client.jitter"; readonly slot: number; readonly blocks: number };

/** Figures of one client since it was added. */
export interface ClientCounters {
  readonly packetsReceived: number;
  readonly wrongSize: number;
  readonly concealed: number;
  readonly jitterBlocks: number;
  /** 0 to 9 (spec 6.5). */
  readonly level: number;
}

/** Running totals since the mixer was made. */
export interface MixerCounters {
  readonly ticks: number;
  /** Ticks that began more than one tick late. */
  readonly lateTicks: number;
  /** Mixes encoded; with mix groups, fewer than clients times ticks. */
  readonly encoded: number;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Datagrams of addresses that are no client's, and their bytes. */
  readonly strangers: number;
  readonly strangerBytes: number;
  /** Knocks that were not told. */
  readonly knocksDropped: number;
  /** Messages of clients, of strangers, and notices that found their ring full. */
  readonly messagesDropped: number;
  readonly strangerMessagesDropped: number;
  readonly noticesDropped: number;
  readonly sendFailures: number;
}

/** Orders take effect at the next tick, in their order. Times are CLOCK_MONOTONIC in ms. */
export interface Mixer {
  /** The local UDP port. */
  readonly port: number;
  /** The slot must be free. Its gains are 1 and its pans 0.5, as everybody's are for it. It is neither heard nor sent to yet. */
  addClient(slot: number, endpoint: Endpoint): void;
  removeClient(slot: number): void;
  /** As the client announces it (NETW_TRANSPORT_PROPS); resets its jitter buffer. Block factors 1, 2 and 4. */
  setFormat(slot: number, format: AudioFormat): void;
  /** The profile has come: the client's fade-in begins, and it is sent its mix (spec 6.3, 6.4). */
  admitToMix(slot: number): void;
  /** How much of `source` the client in slot `listener` hears: 0 to 1. */
  setGain(listener: number, source: number, gain: number): void;
  /** 0 left, 0.5 centre, 1 right. */
  setPan(listener: number, source: number, pan: number): void;
  /** Blocks, 1 to 20. */
  setJitter(slot: number, depth: number | "auto"): void;
  /** Sends one datagram on the mixer's socket; false: the socket refused it. */
  send(to: Endpoint, bytes: Uint8Array): boolean;
  clientCounters(slot: number): ClientCounters;
  counters(): MixerCounters;
  /** How often the mixer's thread has gone round: it hangs if this stands still for a second. */
  turns(): number;
  /** Stops the tick and closes the socket. */
  close(): void;
}
