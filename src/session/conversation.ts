// The machine with its inbox and outbox: datagrams in, engine calls and events out. It keeps no timer and no socket.

import type { AudioEngine, Endpoint } from "../audio/engine.js";
import type { Event } from "../core/event.js";
import type { Disclosure } from "../core/state.js";
import type { Clock } from "../lib/clock.js";
import { connectionlessDatagram, type DropReason, Inbox, Outbox, transportFor } from "../protocol/index.js";
import { DelayNews, estimateDelay } from "./delay.js";
import { start, step, wakeAtMs } from "./machine.js";
import type { Input, JitterDepth, Output, Profile, State, Talk, WantedTransport } from "./machine-types.js";

const goodbye = connectionlessDatagram({ kind: "CLM_DISCONNECTION" });

export interface ConversationParts {
  readonly engine: AudioEngine;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly transport: WantedTransport;
  readonly jitter: JitterDepth;
  readonly cardMs: () => number;
  /** Must not call back in. */
  readonly emit: (event: Event) => void;
  readonly disclosed: (what: Disclosure["what"]) => void;
  readonly dropped: (reason: DropReason) => void;
}

export class Conversation {
  readonly peer: Endpoint;
  readonly #parts: ConversationParts;
  #inbox = new Inbox();
  #outbox = new Outbox();
  #delayNews = new DelayNews();
  #state: State;

  /** Joins at once. */
  constructor(peer: Endpoint, parts: ConversationParts) {
    this.peer = peer;
    this.#parts = parts;
    const atMs = parts.clock.nowMs();
    const joined = start(parts.profile, parts.transport, parts.jitter, atMs);
    this.#state = joined.state;
    for (const output of joined.outputs) this.#do(output, atMs);
  }

  get phase(): State["phase"] {
    return this.#state.phase;
  }

  /** It was left, or will be any moment, for good. */
  get isEnding(): boolean {
    const { phase } = this.#state;
    return phase === "stopping" || phase === "lingering" || phase === "over";
  }

  /** What is known while the engine sends to the server; else null. */
  get talk(): Talk | null {
    return this.#state.phase === "joining" || this.#state.phase === "connected" ? this.#state : null;
  }

  /** `atMs` is when it happened. */
  take(input: Input, atMs: number): void {
    this.#step(input, atMs);
    this.#flush();
  }

  /** A datagram from the peer. */
  receive(datagram: Uint8Array, atMs: number): void {
    if (this.talk === null) {
      this.#step({ kind: "stray" }, atMs);
      return;
    }
    const received = this.#inbox.receive(datagram);
    if (received.kind === "message") this.#step({ kind: "message", message: received.message }, atMs);
    if (received.kind === "acknowledged") this.#outbox.acknowledged(received.id, received.counter);
    if (received.kind === "dropped") this.#parts.dropped(received.reason);
    if ("acknowledge" in received && received.acknowledge) this.#send(received.acknowledge);
    this.#flush();
  }

  /** When to call with a tick; null: never. */
  wakeAtMs(): number | null {
    const machine = wakeAtMs(this.#state);
    const now = this.#parts.clock.nowMs();
    const resendIn = this.talk === null ? undefined : this.#outbox.waitMs(now);
    if (resendIn === undefined) return machine;
    return Math.min(now + resendIn, machine ?? Number.POSITIVE_INFINITY);
  }

  /** Ends without waiting: for a process that is about to end, or a server that is left for another. Tells no event. */
  cutShort(): void {
    const { engine } = this.#parts;
    if (this.phase === "over") return;
    if (this.phase !== "lingering") {
      engine.leave();
      this.#send(goodbye);
      engine.setFarewell(null);
    }
    engine.dismiss(this.peer);
    this.#state = { phase: "over" };
  }

  #step(input: Input, atMs: number): void {
    const { state, outputs } = step(this.#state, input, atMs);
    this.#state = state;
    for (const output of outputs) this.#do(output, atMs);
  }

  #do(output: Output, atMs: number): void {
    const { engine, disclosed, emit } = this.#parts;
    switch (output.kind) {
      case "queue":
        // Full only if the server acknowledges nothing: then it is lost anyway, and the machine will notice.
        this.#outbox.queue(output.message);
        break;
      case "send":
        this.#send(connectionlessDatagram(output.message));
        break;
      case "anew":
        this.#inbox = new Inbox();
        this.#outbox = new Outbox();
        break;
      case "splitting":
        this.#outbox.splitSupported = output.supported;
        break;
      case "engine.join":
        engine.join(this.peer, output.format);
        break;
      case "engine.format":
        engine.setFormat(output.format);
        break;
      case "engine.leave":
        engine.leave();
        break;
      case "engine.dismiss":
        engine.dismiss(this.peer);
        break;
      case "farewell":
        engine.setFarewell(output.due ? goodbye : null);
        break;
      case "disclosed":
        disclosed(output.what);
        break;
      case "pinged":
        this.#delay(output.pingMs, atMs);
        break;
      case "event":
        // Whoever hears of a connection knows no delay yet.
        if (output.event.kind === "session.connected") this.#delayNews = new DelayNews();
        emit({ ...output.event, atMs });
        break;
    }
  }

  #delay(pingMs: number, atMs: number): void {
    const { engine, cardMs, emit } = this.#parts;
    if (this.talk === null) return;
    const delay = estimateDelay({
      pingMs,
      format: transportFor(this.talk.choice),
      clientBlocks: engine.counters().jitterBlocks,
      serverBlocks: this.talk.serverBlocks,
      cardMs: cardMs(),
    });
    if (this.#delayNews.isNews(delay, atMs)) emit({ kind: "session.delay", ...delay, atMs });
  }

  #flush(): void {
    if (this.talk === null) return;
    for (;;) {
      const datagram = this.#outbox.poll(this.#parts.clock.nowMs());
      if (datagram === undefined) return;
      this.#send(datagram);
    }
  }

  /** A refused datagram is as good as lost on the way: what matters is sent again. */
  #send(datagram: Uint8Array): void {
    this.#parts.engine.send(this.peer, datagram);
  }
}
