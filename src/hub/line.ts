// The line to one client: its inbox and outbox, what it may cost, and the proof that somebody is at its other end.

import type { Endpoint } from "../audio/engine.js";
import {
  type DropReason,
  type EncodedMessage,
  Inbox,
  isConnectionless,
  type Message,
  messageId,
  Outbox,
  parseEnvelope,
} from "../protocol/index.js";
import { heardOfAnybody } from "./on-message.js";
import { TokenBucket } from "./token-bucket.js";

/** Messages of one client: a mixer of 150 faders may be restored at once, then they come as fast as fingers move. */
const rate = { burst: 1000, perSecond: 200 };

/** What goes on to everybody, or has a long answer, costs as much as so many others. */
const dearCost = 20;
const dear = new Set(
  (
    [
      "CHAT_TEXT",
      "CHANNEL_INFOS",
      "REQ_CONN_CLIENTS_LIST",
      "CLM_REQ_CONN_CLIENTS_LIST",
      "CLM_REQ_SERVER_LIST",
      "CLM_REQ_WELCOME_MESSAGE",
    ] as const
  ).map(messageId),
);

/** The largest of what goes there before it is proven: CLIENT_ID, empty messages, acknowledges. */
const firstBytes = 11;

/** How soon to look again whether it has sent enough for another of them. */
const creditMs = 100;

const acknId = messageId("ACKN");

/**
 * A newer list of musicians makes the one that still waits pointless. Where all come back at once, each would else have
 * as many lists to acknowledge as there are clients, and none would ever be through with them.
 */
const listId = messageId("CONN_CLIENTS_LIST");
const heardOfAnybodyIds = new Set([...heardOfAnybody].map(messageId));

export type Heard =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "acknowledged"; readonly id: number }
  | { readonly kind: "wrong-acknowledge" }
  | { readonly kind: "part" }
  | { readonly kind: "dropped"; readonly reason: DropReason | "too-often" | "unproven" };

export interface LineOptions {
  readonly endpoint: Endpoint;
  /** Bytes that came from there before it had a line. */
  readonly bytesBefore: number;
  readonly atMs: number;
  /** A whole number from 0 to `below` - 1 that nobody can guess. */
  readonly random: (below: number) => number;
  /** Audio packets that came since it has a line: a lower bound of their bytes. */
  readonly packets: () => number;
  readonly send: (bytes: Uint8Array) => void;
}

export class Line {
  readonly endpoint: Endpoint;
  readonly #options: LineOptions;
  readonly #inbox = new Inbox();
  readonly #outbox: Outbox;
  readonly #bucket: TokenBucket;
  #proven = false;
  #bytesIn: number;
  #bytesOut = 0;
  #acknowledge: Uint8Array | undefined;

  constructor(options: LineOptions) {
    this.endpoint = options.endpoint;
    this.#options = options;
    this.#outbox = new Outbox(() => 1 + options.random(255));
    this.#bucket = new TokenBucket(rate, options.atMs);
    this.#bytesIn = options.bytesBefore;
  }

  /** Somebody is there: from now on it may be sent more than came from there. */
  prove(): void {
    this.#proven = true;
  }

  /** One datagram. Call `acknowledge` when what came of it is handled. */
  receive(datagram: Uint8Array, atMs: number): Heard {
    this.#bytesIn += datagram.length;
    const envelope = parseEnvelope(datagram);
    const id = envelope.ok ? envelope.id : 0;
    // Neither read nor acknowledged, so it comes again.
    if (!this.#bucket.spend(dear.has(id) ? dearCost : 1, atMs))
      return { kind: "dropped", reason: "too-often" };
    if (!this.#proven && id !== acknId && !isConnectionless(id) && !heardOfAnybodyIds.has(id))
      return { kind: "dropped", reason: "unproven" };
    const received = this.#inbox.receive(datagram);
    this.#acknowledge = "acknowledge" in received ? received.acknowledge : undefined;
    switch (received.kind) {
      case "acknowledged":
        return this.#outbox.acknowledged(received.id, received.counter)
          ? { kind: "acknowledged", id: received.id }
          : { kind: "wrong-acknowledge" };
      case "message":
        return { kind: "message", message: received.message };
      default:
        return received;
    }
  }

  acknowledge(): void {
    const acknowledge = this.#acknowledge;
    this.#acknowledge = undefined;
    if (acknowledge !== undefined && this.#mayCost(acknowledge.length)) this.send(acknowledge);
  }

  /** False: it has acknowledged nothing for so long that no more can be kept for it. */
  queue(message: EncodedMessage): boolean {
    return this.#outbox.queueEncoded(message, message.id === listId);
  }

  splitting(): void {
    this.#outbox.splitSupported = true;
  }

  /** Sends what is due. */
  flush(atMs: number): void {
    for (;;) {
      if (!this.#proven && !this.#mayCost(firstBytes)) return;
      const datagram = this.#outbox.poll(atMs);
      if (datagram === undefined) return;
      this.send(datagram);
    }
  }

  send(bytes: Uint8Array): void {
    this.#bytesOut += bytes.length;
    this.#options.send(bytes);
  }

  /** Milliseconds until something is due again; undefined: nothing is waiting. */
  waitMs(atMs: number): number | undefined {
    const wait = this.#outbox.waitMs(atMs);
    return wait === 0 && !this.#mayCost(firstBytes) ? creditMs : wait;
  }

  /** More than so many bytes may go there: it is proven, or as many came from there. */
  #mayCost(bytes: number): boolean {
    return this.#proven || this.#bytesOut + bytes <= this.#bytesIn + this.#options.packets();
  }
}
