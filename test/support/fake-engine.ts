// A sound engine without sound: writes down, in order, what it is asked, and tells the news that a test makes up.

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
} from "../../src/audio/engine.js";
import { decodeMessage, type Message, parseEnvelope } from "../../src/protocol/index.js";
import { card } from "./box-state.js";

export type Call =
  | { readonly call: "openCard"; readonly options: CardOptions }
  | { readonly call: "join"; readonly server: Endpoint; readonly format: AudioFormat }
  | { readonly call: "setFormat"; readonly format: AudioFormat }
  | { readonly call: "admit" | "dismiss"; readonly peer: Endpoint }
  | { readonly call: "setFarewell"; readonly bytes: Uint8Array | null }
  | { readonly call: "setInputGainDb"; readonly db: number }
  | { readonly call: "setMuted"; readonly muted: boolean }
  | { readonly call: "setRecordingGuard"; readonly armed: boolean }
  | { readonly call: "setPrompts"; readonly prompts: readonly Int16Array[] }
  | { readonly call: "playPrompt"; readonly index: number; readonly topic: number }
  | { readonly call: "setChannelMode"; readonly mode: ChannelMode }
  | { readonly call: "setJitter"; readonly depth: number | "auto" }
  | { readonly call: "leave" | "close" }
  | {
      readonly call: "send";
      readonly to: Endpoint;
      readonly datagram: Uint8Array;
      readonly message: Message;
      readonly counter: number;
      readonly atMs: number;
    };
export type Sent = Extract<Call, { call: "send" }>;

export const noCounts: Counters = {
  xruns: 0,
  concealed: 0,
  decoded: 0,
  late: 0,
  lost: 0,
  headroomFrames: 0,
  jitterBlocks: 4,
  jitterMs: 0,
  driftPpm: null,
  packetsSent: 0,
  packetsReceived: 0,
  wrongSize: 0,
  strangers: 0,
  messagesDropped: 0,
  noticesDropped: 0,
  sendFailures: 0,
};

const none = { p50: 0, p999: 0, max: 0 };
export const noTiming: ThreadTiming = { latenessMs: none, workShare: none };

export class FakeEngine implements AudioEngine {
  readonly port = 22134;
  readonly calls: Call[] = [];
  /** How the next card will open. */
  cardResult: CardResult = { ok: true, card };

  constructor(
    protected readonly nowMs: () => number,
    readonly tell: (notice: EngineNotice) => void = () => {},
  ) {}

  get sent(): readonly Sent[] {
    return this.calls.filter((call) => call.call === "send");
  }

  /** What it was asked, in words, such as "join 127.0.0.1:22124 with 73 bytes for 64 frames" or "setMuted true". */
  get asked(): readonly string[] {
    return this.calls.map(inWords);
  }

  openCard(options: CardOptions): Promise<CardResult> {
    this.calls.push({ call: "openCard", options });
    return Promise.resolve(this.cardResult);
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
  setInputGainDb(db: number): void {
    this.calls.push({ call: "setInputGainDb", db });
  }
  setMuted(muted: boolean): void {
    this.calls.push({ call: "setMuted", muted });
  }
  setRecordingGuard(armed: boolean): void {
    this.calls.push({ call: "setRecordingGuard", armed });
  }
  setPrompts(prompts: readonly Int16Array[]): void {
    this.calls.push({ call: "setPrompts", prompts });
  }
  playPrompt(index: number, topic: number): void {
    this.calls.push({ call: "playPrompt", index, topic });
  }
  setChannelMode(mode: ChannelMode): void {
    this.calls.push({ call: "setChannelMode", mode });
  }
  setJitter(depth: number | "auto"): void {
    this.calls.push({ call: "setJitter", depth });
  }
  levels(): Levels {
    return { capture: [-120, -120], playback: [-120, -120] };
  }
  counters(): Counters {
    return noCounts;
  }
  timing(): ThreadTiming {
    return noTiming;
  }
  turns(): number {
    return 0;
  }
  close(): void {
    this.calls.push({ call: "close" });
  }
}

function inWords(call: Call): string {
  switch (call.call) {
    case "openCard": {
      const { capture, periodFrames, periods } = call.options;
      return `openCard ${capture} ${periodFrames} x ${periods}`;
    }
    case "join": {
      const { server, format } = call;
      return `join ${server.address}:${server.port} with ${format.blockBytes} bytes for ${format.blockFrames} frames`;
    }
    case "send":
      return `send ${call.message.kind}`;
    case "setInputGainDb":
      return `setInputGainDb ${call.db}`;
    case "setMuted":
      return `setMuted ${call.muted}`;
    case "setRecordingGuard":
      return `setRecordingGuard ${call.armed}`;
    case "playPrompt":
      return `playPrompt ${call.index} of topic ${call.topic}`;
    case "setChannelMode":
      return `setChannelMode ${call.mode}`;
    case "setJitter":
      return `setJitter ${call.depth}`;
    default:
      return call.call;
  }
}
