// A session on a fake engine and a hand-turned clock, with a server that a test plays message by message.

import type { Endpoint } from "../../src/audio/engine.js";
import type { Event } from "../../src/core/event.js";
import {
  connectionlessDatagram,
  encodeMessage,
  isConnectionless,
  type Message,
  sealEnvelope,
} from "../../src/protocol/index.js";
import type { Profile, WantedTransport } from "../../src/session/machine-types.js";
import type { Resolution } from "../../src/session/resolve.js";
import { Session, type SessionOptions } from "../../src/session/session.js";
import { FakeEngine, type Sent } from "../support/fake-engine.js";
import { ManualClock } from "../support/manual-clock.js";

export const peer: Endpoint = { address: "127.0.0.1", port: 22124 };
export const server = { name: "Lab", address: "lab.example" };
export const alice: Profile = { name: "Alice", instrument: 3, city: "Zürich", country: 206, skill: 2 };
export const monoNormal: WantedTransport = {
  blockFrames: 128,
  channels: 1,
  quality: "normal",
  blocksPerPacket: 1,
};

type EventOf<K extends Event["kind"]> = Extract<Event, { kind: K }>;

export class Rig {
  readonly clock = new ManualClock(1_000_000);
  readonly engine = new FakeEngine(() => this.clock.nowMs());
  readonly events: Event[] = [];
  readonly session: Session;
  /** What a test does when an event comes, in the middle of the session's work. */
  onEvent: (event: Event) => void = () => {};
  resolution: Resolution = { found: true, endpoint: peer };
  /** The server acknowledges what it gets. */
  acknowledges = true;
  #serverCounter = 0;
  #seen = 0;

  constructor(options: Partial<SessionOptions> = {}) {
    this.session = new Session({
      engine: this.engine,
      clock: this.clock,
      profile: alice,
      transport: monoNormal,
      jitter: "auto",
      chat: true,
      cardMs: () => 8,
      emit: (event) => {
        this.events.push(event);
        this.onEvent(event);
      },
      resolve: async () => this.resolution,
      ...options,
    });
  }

  /** Starts and waits until the name is looked up. */
  async start(enquireFirst = false): Promise<void> {
    this.session.start(server, { enquireFirst });
    await new Promise((done) => setImmediate(done));
  }

  /** Started, and the server has given it number 0. */
  async connect(): Promise<void> {
    await this.start();
    this.serverSays({ kind: "CLIENT_ID", channel: 0 });
  }

  /** One message of the server; what comes back is acknowledged. */
  serverSays(message: Message): void {
    const { id, body } = encodeMessage(message);
    this.receive(sealEnvelope(id, isConnectionless(id) ? 0 : this.#serverCounter++ & 255, body));
  }

  /** A server that was started anew counts from 0. */
  restartServer(): void {
    this.#serverCounter = 0;
  }

  receive(bytes: Uint8Array, from: Endpoint = peer): void {
    this.session.receive({ kind: "message", from, bytes, receivedAtMs: this.clock.nowMs() });
    this.acknowledge();
  }

  notice(kind: "peer.heard" | "peer.silent" | "audio.started"): void {
    this.session.receive({ kind, atMs: this.clock.nowMs() });
    this.acknowledge();
  }

  say(text: string): boolean {
    const heard = this.session.say(text);
    this.acknowledge();
    return heard;
  }

  advance(ms: number): void {
    this.clock.advance(ms);
    this.acknowledge();
  }

  /** Acknowledges what came since the last time, and what comes upon that. */
  acknowledge(): void {
    for (let sent = this.engine.sent[this.#seen]; sent; sent = this.engine.sent[this.#seen]) {
      this.#seen += 1;
      if (!this.acknowledges || !isConversation(sent)) continue;
      const { id, body } = encodeMessage({ kind: "ACKN", id: encodeMessage(sent.message).id });
      const bytes = sealEnvelope(id, sent.counter, body);
      this.session.receive({ kind: "message", from: peer, bytes, receivedAtMs: this.clock.nowMs() });
    }
  }

  /** Kinds of the messages sent as part of the conversation, acknowledges left out. */
  get told(): string[] {
    return this.engine.sent.filter(isConversation).map(({ message }) => message.kind);
  }

  sentOf<K extends Message["kind"]>(kind: K): (Sent & { message: Extract<Message, { kind: K }> })[] {
    return this.engine.sent.filter(
      (sent): sent is Sent & { message: Extract<Message, { kind: K }> } => sent.message.kind === kind,
    );
  }

  eventsOf<K extends Event["kind"]>(kind: K): EventOf<K>[] {
    return this.events.filter((event): event is EventOf<K> => event.kind === kind);
  }
}

/** Queued and acknowledged, as opposed to connection-less ones and acknowledges. */
export function isConversation({ message }: Sent): boolean {
  return message.kind !== "ACKN" && !message.kind.startsWith("CLM_");
}

export const goodbye = connectionlessDatagram({ kind: "CLM_DISCONNECTION" });
