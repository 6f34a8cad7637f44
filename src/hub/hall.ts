// The hub's clients and the lines to them: notices of the mixer in, its orders out. The machine decides.

import type { Endpoint } from "../audio/engine.js";
import type { Mixer } from "../audio/mixer.js";
import type { Clock } from "../lib/clock.js";
import {
  connectionlessDatagram,
  type EncodedMessage,
  encodeMessage,
  isConnectionless,
  type Message,
  messageId,
  type QueuedMessage,
} from "../protocol/index.js";
import { timeOfDay } from "./chat.js";
import { isProven, looksLike, provenClients } from "./clients.js";
import { Door, type DoorCounters, type Newcomer } from "./door.js";
import { Line } from "./line.js";
import { emptyHub, step, wakeAtMs } from "./machine.js";
import type { Gone, HouseRules, Input, Output, RecordingWish, State } from "./machine-types.js";
import { endpointKey } from "./networks.js";
import type { Recorder, RecorderNotice } from "./recorder.js";

/** 201 ticks of 64 frames (spec 6.5). */
const levelsEveryMs = 268;

/** After a goodbye no audio comes: whoever goes on sending has not left, or it was a forgery (spec 4.5). */
const goodbyeMs = 30;

/** The mixer's word that a client is silent comes 30 s after its last packet; sooner, it is about another one. */
const soonestSilenceMs = 29_000;

const goodbye = connectionlessDatagram({ kind: "CLM_DISCONNECTION" });
const full = connectionlessDatagram({ kind: "CLM_SERVER_FULL" });

export interface HallOptions {
  readonly mixer: Mixer;
  /** Null: there is nothing to record with. */
  readonly recorder: Recorder | null;
  readonly clock: Clock;
  readonly wallClock: () => Date;
  readonly random: (below: number) => number;
  readonly rules: HouseRules;
  /** A message that needs no conversation, from a client; not its goodbye. */
  readonly onConnectionless: (from: Endpoint, message: Message, bytes: number, proven: boolean) => void;
  /** Must not call back in. */
  readonly onChange: () => void;
}

/** Where a new client comes from, and how much came from there. */
interface Arrival {
  readonly from: Endpoint;
  readonly bytes: number;
}

export interface HallCounters extends DoorCounters {
  readonly joined: number;
  /** How clients went. */
  readonly gone: Readonly<Record<Gone, number>>;
  readonly full: number;
  /** Goodbyes of clients that went on playing. */
  readonly falseGoodbyes: number;
  /** Messages of clients without effect, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

export class Hall {
  readonly #options: HallOptions;
  readonly #door: Door;
  readonly #lines = new Map<number, Line>();
  /** Who has said goodbye, and how many packets it had sent by then. */
  readonly #goodbyes = new Map<number, { readonly dueAtMs: number; readonly packets: number }>();
  /** What is told to many is one message, and encoded once. */
  #told: { readonly message: QueuedMessage; readonly encoded: EncodedMessage } | null = null;
  readonly #inputs: { readonly input: Input; readonly arrival: Arrival | null }[] = [];
  #stepping = false;
  #state: State;
  #levelsAtMs = 0;
  readonly #counters = { joined: 0, full: 0, falseGoodbyes: 0 };
  readonly #gone: Record<Gone, number> = {
    left: 0,
    silent: 0,
    unproven: 0,
    unresponsive: 0,
    "gave-way": 0,
  };
  readonly #dropped = new Map<string, number>();

  constructor(options: HallOptions) {
    this.#options = options;
    this.#door = new Door(options.rules.maxClients);
    this.#state = emptyHub(options.rules, options.recorder !== null);
  }

  get state(): State {
    return this.#state;
  }

  get counters(): HallCounters {
    return {
      ...this.#door.counters,
      ...this.#counters,
      gone: { ...this.#gone },
      dropped: Object.fromEntries(this.#dropped),
    };
  }

  /** Entries in its largest table that strangers can fill. */
  get size(): number {
    return this.#door.size;
  }

  /** A well-formed message of the client in `slot`. False: somebody else is there by now. */
  receive(slot: number, from: Endpoint, datagram: Uint8Array, atMs: number): boolean {
    const line = this.#lines.get(slot);
    if (line === undefined || endpointKey(line.endpoint) !== endpointKey(from)) return false;
    const heard = line.receive(datagram, atMs);
    switch (heard.kind) {
      case "message":
        this.#message(slot, heard.message, datagram.length, atMs);
        break;
      case "acknowledged":
        this.#step({ kind: "acknowledged", slot, id: heard.id }, atMs);
        break;
      case "wrong-acknowledge":
        this.#step({ kind: "wrong-acknowledge", slot }, atMs);
        break;
      case "dropped":
        this.#dropped.set(heard.reason, (this.#dropped.get(heard.reason) ?? 0) + 1);
        break;
      case "part":
    }
    // As Jamulus does it: the answer first.
    this.#flush();
    line.acknowledge();
    return true;
  }

  /** Audio of somebody who is no client. */
  knock(from: Endpoint, bytes: number, atMs: number): void {
    const verdict = this.#door.knock(from, bytes, this.#newcomers(), atMs);
    if (verdict.kind === "wait") return;
    if (verdict.instead !== null)
      this.#step({ kind: "gone", slot: verdict.instead.slot, why: "gave-way" }, atMs);
    this.#step({ kind: "join" }, atMs, { from, bytes: verdict.bytes });
    this.#flush();
    const early = this.#door.overheard(from, atMs);
    const slot = this.#slotOf(from);
    if (early !== null && slot !== null) this.receive(slot, from, early, atMs);
  }

  /** A message of a conversation, from somebody who is no client yet. */
  overhear(from: Endpoint, datagram: Uint8Array, atMs: number): void {
    this.#door.overhear(from, datagram, atMs);
  }

  silent(slot: number, atMs: number): void {
    const client = this.#state.clients.get(slot);
    if (client === undefined || atMs - client.sinceMs < soonestSilenceMs) return;
    this.#step({ kind: "gone", slot, why: "silent" }, atMs);
    this.#flush();
  }

  jitter(slot: number, blocks: number): void {
    this.#step({ kind: "jitter", slot, blocks }, this.#now());
    this.#flush();
  }

  record(wish: RecordingWish): void {
    this.#step({ kind: "record", wish }, this.#now());
    this.#flush();
  }

  /** May be called from within the recorder's own methods. */
  recorderSaid(notice: RecorderNotice): void {
    this.#step(
      notice.kind === "writing"
        ? { kind: "recorder.writing", writing: notice.writing }
        : { kind: "recorder.failed", reason: notice.reason },
      this.#now(),
    );
    this.#flush();
  }

  /** When to call `tick`; infinity: never. */
  wakeAtMs(): number {
    const now = this.#now();
    let earliest = wakeAtMs(this.#state) ?? Number.POSITIVE_INFINITY;
    for (const { dueAtMs } of this.#goodbyes.values()) earliest = Math.min(earliest, dueAtMs);
    for (const line of this.#lines.values())
      earliest = Math.min(earliest, now + (line.waitMs(now) ?? Number.POSITIVE_INFINITY));
    return this.#lines.size > 0 ? Math.min(earliest, this.#levelsAtMs) : earliest;
  }

  tick(): void {
    const now = this.#now();
    for (const [slot, { dueAtMs, packets }] of this.#goodbyes) {
      if (now < dueAtMs) continue;
      this.#goodbyes.delete(slot);
      if (this.#packets(slot) === packets) this.#step({ kind: "gone", slot, why: "left" }, now);
      else this.#counters.falseGoodbyes += 1;
    }
    this.#step({ kind: "tick" }, now);
    if (this.#lines.size > 0 && now >= this.#levelsAtMs) this.#tellLevels(now);
    this.#flush();
  }

  close(goodbyes: boolean): void {
    this.#step({ kind: "record", wish: "stop" }, this.#now());
    if (!goodbyes) return;
    for (const { slot } of provenClients(this.#state)) this.#lines.get(slot)?.send(goodbye);
  }

  #message(slot: number, message: Message, bytes: number, atMs: number): void {
    const client = this.#state.clients.get(slot);
    const line = this.#lines.get(slot);
    if (client === undefined || line === undefined) return;
    if (message.kind === "CLM_DISCONNECTION")
      this.#goodbyes.set(slot, { dueAtMs: atMs + goodbyeMs, packets: this.#packets(slot) });
    else if (message.kind === "CHAT_TEXT")
      this.#step(
        { kind: "said", slot, text: message.text, timeOfDay: timeOfDay(this.#options.wallClock()) },
        atMs,
      );
    else if (isConnectionless(messageId(message.kind)))
      this.#options.onConnectionless(line.endpoint, message, bytes, isProven(client));
    else this.#step({ kind: "message", slot, message }, atMs);
  }

  /** One at a time, whoever calls in meanwhile. */
  #step(input: Input, atMs: number, arrival: Arrival | null = null): void {
    this.#inputs.push({ input, arrival });
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
      const { state, outputs } = step(this.#state, next.input, atMs);
      const changed = !looksLike(state, this.#state);
      this.#state = state;
      if ("slot" in next.input) {
        const client = state.clients.get(next.input.slot);
        if (client !== undefined && isProven(client)) this.#lines.get(client.slot)?.prove();
      }
      for (const output of outputs) this.#do(output, next.arrival, atMs);
      if (changed) this.#options.onChange();
    }
    this.#stepping = false;
  }

  #do(output: Output, arrival: Arrival | null, atMs: number): void {
    const { mixer, recorder } = this.#options;
    switch (output.kind) {
      case "queue":
        if (this.#lines.get(output.slot)?.queue(this.#encoded(output.message)) === false)
          this.#inputs.push({
            input: { kind: "gone", slot: output.slot, why: "unresponsive" },
            arrival: null,
          });
        break;
      case "splitting":
        this.#lines.get(output.slot)?.splitting();
        break;
      case "mixer.add":
        if (arrival !== null) this.#add(output.slot, arrival, atMs);
        break;
      case "mixer.remove":
        mixer.removeClient(output.slot);
        this.#lines.delete(output.slot);
        this.#goodbyes.delete(output.slot);
        this.#gone[output.why] += 1;
        break;
      case "mixer.format":
        mixer.setFormat(output.slot, output.format);
        break;
      case "mixer.admit":
        mixer.admitToMix(output.slot);
        break;
      case "mixer.gain":
        mixer.setGain(output.listener, output.source, output.gain);
        break;
      case "mixer.pan":
        mixer.setPan(output.listener, output.source, output.pan);
        break;
      case "mixer.jitter":
        mixer.setJitter(output.slot, output.depth);
        break;
      case "recorder.start":
        recorder?.start();
        break;
      case "recorder.stop":
        recorder?.stop();
        break;
      case "recorder.new":
        recorder?.newSession();
        break;
      case "recorder.include":
        recorder?.include(output.slot, output.name);
        break;
      case "recorder.exclude":
        recorder?.exclude(output.slot);
        break;
      case "full":
        this.#counters.full += 1;
        if (arrival !== null) mixer.send(arrival.from, full);
        break;
    }
  }

  #encoded(message: QueuedMessage): EncodedMessage {
    if (this.#told?.message !== message) this.#told = { message, encoded: encodeMessage(message) };
    return this.#told.encoded;
  }

  #add(slot: number, { from, bytes }: Arrival, atMs: number): void {
    const { mixer, random } = this.#options;
    if (this.#lines.size === 0) this.#levelsAtMs = atMs + levelsEveryMs;
    mixer.addClient(slot, from);
    this.#lines.set(
      slot,
      new Line({
        endpoint: from,
        bytesBefore: bytes,
        atMs,
        random,
        packets: () => this.#packets(slot),
        send: (datagram) => mixer.send(from, datagram),
      }),
    );
    this.#counters.joined += 1;
  }

  #tellLevels(nowMs: number): void {
    this.#levelsAtMs = nowMs + levelsEveryMs;
    const clients = provenClients(this.#state);
    if (clients.length === 0) return;
    const levels = clients.map(({ slot }) => this.#options.mixer.clientCounters(slot).level);
    const datagram = connectionlessDatagram({ kind: "CLM_CHANNEL_LEVEL_LIST", levels });
    for (const { slot } of clients) this.#lines.get(slot)?.send(datagram);
  }

  #flush(): void {
    const now = this.#now();
    for (const line of this.#lines.values()) line.flush(now);
  }

  #newcomers(): Newcomer[] {
    const newcomers: Newcomer[] = [];
    for (const client of this.#state.clients.values()) {
      const line = this.#lines.get(client.slot);
      if (!isProven(client) && line !== undefined)
        newcomers.push({ slot: client.slot, endpoint: line.endpoint, sinceMs: client.sinceMs });
    }
    return newcomers;
  }

  #slotOf(endpoint: Endpoint): number | null {
    const key = endpointKey(endpoint);
    for (const [slot, line] of this.#lines) if (endpointKey(line.endpoint) === key) return slot;
    return null;
  }

  #packets(slot: number): number {
    return this.#options.mixer.clientCounters(slot).packetsReceived;
  }

  #now(): number {
    return this.#options.clock.nowMs();
  }
}
