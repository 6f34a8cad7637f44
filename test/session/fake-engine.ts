// An engine without sound that writes down, in order, what it is asked.

import type { AudioEngine, AudioFormat, CardResult, Counters, Endpoint } from "../../src/audio/engine.js";
import { decodeMessage, type Message, parseEnvelope } from "../../src/protocol/index.js";

export type Call =
  | { readonly call: "join"; readonly server: Endpoint; readonly format: AudioFormat }
  | { readonly call: "setFormat"; readonly format: AudioFormat }
  | { readonly call: "leave" }
  | { readonly call: "admit" | "dismiss"; readonly peer: Endpoint }
  | { readonly call: "setFarewell"; readonly bytes: Uint8Array | null }
  | {
      readonly call: "send";
      readonly to: Endpoint;
      readonly datagram: Uint8Array;
      readonly message: Message;
      readonly counter: number;
      readonly atMs: number;
    };
export type Sent = Extract<Call, { call: "send" }>;

export class FakeEngine implements AudioEngine {
  readonly port = 22134;
  readonly calls: Call[] = [];
  jitterBlocks = 4;

  constructor(protected readonly nowMs: () => number) {}

  get sent(): readonly Sent[] {
    return this.calls.filter((call) => call.call === "send");
  }

  join(server: Endpoint, format: AudioFormat): void {
    this.calls.push({ call: "join", server, format });
  }
  setFormat(format: AudioFormat): void {
    this.calls.push({ call: "setFormat", format });
  }
  leave(): void {
    this.calls.push({ call: "leave" });
  }
  admit(peer: Endpoint): boolean {
    this.calls.push({ call: "admit", peer });
    return true;
  }
  dismiss(peer: Endpoint): void {
    this.calls.push({ call: "dismiss", peer });
  }
  setFarewell(bytes: Uint8Array | null): void {
    this.calls.push({ call: "setFarewell", bytes });
  }
  send(to: Endpoint, datagram: Uint8Array): boolean {
    const envelope = parseEnvelope(datagram);
    if (!envelope.ok) throw new Error(`sent what is no message: ${envelope.reason}`);
    const decoded = decodeMessage(envelope.id, envelope.body);
    if (!decoded.ok) throw new Error(`sent what no server understands: ${decoded.reason}`);
    const { counter } = envelope;
    this.calls.push({ call: "send", to, datagram, message: decoded.message, counter, atMs: this.nowMs() });
    return true;
  }
  counters(): Counters {
    return {
      periods: 0,
      xruns: 0,
      concealed: 0,
      decoded: 0,
      late: 0,
      lost: 0,
      jitterBlocks: this.jitterBlocks,
      jitterMs: 0,
      packetsSent: 0,
      packetsReceived: 0,
      wrongSize: 0,
      strangers: 0,
      messagesDropped: 0,
      sendFailures: 0,
    };
  }

  openCard(): Promise<CardResult> {
    return Promise.reject(new Error("a session opens no card"));
  }
  closeCard(): void {}
  setInputGainDb(): void {}
  setMuted(): void {}
  setChannelMode(): void {}
  setJitter(): void {}
  levels() {
    return { capture: [], playback: [] };
  }
  close(): void {}
}
