// A mixer without sound, at the level of datagrams: sorts them as the real one does, and writes down what it is asked.

import type { AudioFormat, Endpoint } from "../../src/audio/engine.js";
import type { ClientCounters, Mixer, MixerCounters, MixerOptions } from "../../src/audio/mixer.js";
import { decodeMessage, type Message, parseEnvelope } from "../../src/protocol/index.js";

export type Order =
  | { readonly order: "addClient"; readonly slot: number; readonly endpoint: Endpoint }
  | { readonly order: "removeClient" | "admitToMix"; readonly slot: number }
  | { readonly order: "setFormat"; readonly slot: number; readonly format: AudioFormat }
  | {
      readonly order: "setGain" | "setPan";
      readonly listener: number;
      readonly source: number;
      readonly value: number;
    }
  | { readonly order: "setJitter"; readonly slot: number; readonly depth: number | "auto" }
  | { readonly order: "close" };

interface Channel {
  readonly endpoint: Endpoint;
  packetsReceived: number;
  level: number;
}

export interface SentDatagram {
  readonly to: Endpoint;
  readonly datagram: Uint8Array;
  readonly counter: number;
  readonly message: Message;
}

export class FakeMixer implements Mixer {
  readonly port: number;
  readonly orders: Order[] = [];
  readonly sent: SentDatagram[] = [];
  /** Turned off where millions come and nobody looks at each. */
  keepsSent = true;
  /** Told of each datagram that leaves. */
  onSend: (to: Endpoint, bytes: Uint8Array) => void = () => {};
  /** Knocks told between two calls of `tick`; the rest is counted. */
  knocksPerTick = Number.POSITIVE_INFINITY;
  #knocks = 0;
  #knocksDropped = 0;
  #strangers = 0;
  #strangerBytes = 0;
  readonly #options: MixerOptions;
  readonly #nowMs: () => number;
  readonly #channels = new Map<number, Channel>();
  readonly #slots = new Map<string, number>();

  constructor(options: MixerOptions, nowMs: () => number) {
    this.#options = options;
    this.#nowMs = nowMs;
    this.port = options.listen.port || 22124;
  }

  /** A datagram arrives at its socket. */
  arrive(from: Endpoint, bytes: Uint8Array): void {
    const slot = this.#slots.get(key(from)) ?? null;
    const { onNotice } = this.#options;
    const atMs = this.#nowMs();
    if (slot === null) {
      this.#strangers += 1;
      this.#strangerBytes += bytes.length;
    }
    if (parseEnvelope(bytes).ok) {
      onNotice({ kind: "message", from, slot, bytes, receivedAtMs: atMs });
      return;
    }
    const channel = slot === null ? undefined : this.#channels.get(slot);
    if (channel !== undefined) {
      channel.packetsReceived += 1;
    } else if (this.#knocks < this.knocksPerTick) {
      this.#knocks += 1;
      onNotice({ kind: "knock", from, bytes: bytes.length, atMs });
    } else {
      this.#knocksDropped += 1;
    }
  }

  tick(): void {
    this.#knocks = 0;
  }

  /** The client in this slot has been silent for 30 s. */
  silence(slot: number): void {
    this.#options.onNotice({ kind: "client.silent", slot, atMs: this.#nowMs() });
  }

  jitter(slot: number, blocks: number): void {
    this.#options.onNotice({ kind: "client.jitter", slot, blocks });
  }

  setLevel(slot: number, level: number): void {
    this.#channels.get(slot)!.level = level;
  }

  slotOf(endpoint: Endpoint): number | undefined {
    return this.#slots.get(key(endpoint));
  }

  get slots(): number[] {
    return [...this.#channels.keys()].sort((a, b) => a - b);
  }

  addClient(slot: number, endpoint: Endpoint): void {
    if (this.#channels.has(slot) || slot < 0 || slot >= this.#options.maxClients)
      throw new RangeError(`slot ${slot} is not free`);
    this.#channels.set(slot, { endpoint, packetsReceived: 0, level: 0 });
    this.#slots.set(key(endpoint), slot);
    this.orders.push({ order: "addClient", slot, endpoint });
  }

  removeClient(slot: number): void {
    this.#slots.delete(key(this.#must(slot).endpoint));
    this.#channels.delete(slot);
    this.orders.push({ order: "removeClient", slot });
  }

  setFormat(slot: number, format: AudioFormat): void {
    this.#must(slot);
    this.orders.push({ order: "setFormat", slot, format });
  }

  admitToMix(slot: number): void {
    this.#must(slot);
    this.orders.push({ order: "admitToMix", slot });
  }

  setGain(listener: number, source: number, value: number): void {
    this.#must(listener);
    this.#must(source);
    this.orders.push({ order: "setGain", listener, source, value });
  }

  setPan(listener: number, source: number, value: number): void {
    this.#must(listener);
    this.#must(source);
    this.orders.push({ order: "setPan", listener, source, value });
  }

  setJitter(slot: number, depth: number | "auto"): void {
    this.#must(slot);
    this.orders.push({ order: "setJitter", slot, depth });
  }

  send(to: Endpoint, datagram: Uint8Array): boolean {
    if (to.port < 1) throw new RangeError("endpoint must be a numeric address and a port");
    this.onSend(to, datagram);
    if (!this.keepsSent) return true;
    const envelope = parseEnvelope(datagram);
    if (!envelope.ok) throw new Error(`no message: ${envelope.reason}`);
    const decoded = decodeMessage(envelope.id, envelope.body);
    if (!decoded.ok) throw new Error(`message ${envelope.id} is ${decoded.reason}`);
    this.sent.push({ to, datagram, counter: envelope.counter, message: decoded.message });
    return true;
  }

  clientCounters(slot: number): ClientCounters {
    const { packetsReceived, level } = this.#must(slot);
    return { packetsReceived, level, wrongSize: 0, concealed: 0, jitterBlocks: 6 };
  }

  counters(): MixerCounters {
    return {
      ticks: 0,
      lateTicks: 0,
      encoded: 0,
      packetsSent: 0,
      packetsReceived: 0,
      strangers: this.#strangers,
      strangerBytes: this.#strangerBytes,
      knocksDropped: this.#knocksDropped,
      messagesDropped: 0,
      strangerMessagesDropped: 0,
      noticesDropped: 0,
      sendFailures: 0,
    };
  }

  turns(): number {
    return 0;
  }

  close(): void {
    this.orders.push({ order: "close" });
  }

  #must(slot: number): Channel {
    const channel = this.#channels.get(slot);
    if (channel === undefined) throw new RangeError(`slot ${slot} is empty`);
    return channel;
  }
}

function key({ address, port }: Endpoint): string {
  return `${address}|${port}`;
}
