// The sending side of a conversation: one message in flight, resent until it is acknowledged (spec 1.4).
import { sealEnvelope } from "./envelope.js";
import { type ConnectedMessage, encodeMessage } from "./messages.js";
import { splitBody } from "./split.js";

/** What may be queued: acknowledges and parts are made here, not by the caller. */
export type QueuedMessage = Exclude<ConnectedMessage, { kind: "ACKN" | "SPECIAL_SPLIT_MESSAGE" }>;

const resendMs = 400;

const maxWaiting = 1024;
const maxWaitingBytes = 256 * 1024;

interface Waiting {
  id: number;
  counter: number;
  datagram: Uint8Array;
}

/**
 * A stop-and-wait queue. Times are milliseconds of one clock that never goes back; the caller asks `waitMs` when to come
 * again and sends what `poll` gives. It holds at most 1024 datagrams and 256 KiB: a peer that acknowledges nothing
 * cannot make it grow, `queue` refuses instead.
 */
export class Outbox {
  /** Set once the peer says it can put parts together: from then on large bodies are queued in parts. */
  splitSupported = false;

  readonly #step: () => number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lastCounter = -1;
  #headSentMs: number | undefined;

  /**
   * `step` says how far the counter moves on for each message, 1 to 255. A receiver only tells a message from the one
   * before it, so the steps may be random: then an acknowledge proves that its sender has read the message.
   */
  constructor(step: () => number = () => 1) {
    this.#step = step;
  }

  /** Datagrams not acknowledged yet. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Bytes of those datagrams. */
  get heldBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Appends a message, all its parts or none. False: the queue is full and nothing was changed; the peer has not
   * answered for long. Throws a RangeError on a message that no receiver would accept.
   */
  queue(message: QueuedMessage): boolean {
    const { id, body } = encodeMessage(message);
    const parts = this.splitSupported ? splitBody(id, body) : undefined;
    const bodies = parts?.map(encodeMessage) ?? [{ id, body }];
    let counter = this.#lastCounter;
    const added = bodies.map((entry): Waiting => {
      counter = (counter + this.#step()) & 0xff;
      return { id: entry.id, counter, datagram: sealEnvelope(entry.id, counter, entry.body) };
    });
    const addedBytes = added.reduce((sum, { datagram }) => sum + datagram.length, 0);
    if (this.#waiting.length + added.length > maxWaiting) return false;
    if (this.#waitingBytes + addedBytes > maxWaitingBytes) return false;
    this.#waiting.push(...added);
    this.#waitingBytes += addedBytes;
    this.#lastCounter = counter;
    return true;
  }

  /** An acknowledge came. True if it was for the message in flight, which makes way for the next one. */
  acknowledged(id: number, counter: number): boolean {
    const head = this.#waiting[0];
    if (head === undefined || this.#headSentMs === undefined) return false;
    if (head.id !== id || head.counter !== counter) return false;
    this.#waiting.shift();
    this.#waitingBytes -= head.datagram.length;
    this.#headSentMs = undefined;
    return true;
  }

  /** The datagram to send now, or undefined if nothing is due. */
  poll(nowMs: number): Uint8Array | undefined {
    const head = this.#waiting[0];
    if (head === undefined || this.waitMs(nowMs) !== 0) return undefined;
    this.#headSentMs = nowMs;
    return head.datagram;
  }

  /** Milliseconds until `poll` has something to send: 0 now, undefined never (until something is queued). */
  waitMs(nowMs: number): number | undefined {
    if (this.#waiting.length === 0) return undefined;
    if (this.#headSentMs === undefined) return 0;
    return Math.max(0, this.#headSentMs + resendMs - nowMs);
  }

  /** Back to the state of a new connection: empty, counter at its start, no splitting. */
  reset(): void {
    this.splitSupported = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#lastCounter = -1;
    this.#headSentMs = undefined;
  }
}
