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

  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #counter = 0;
  #headSentMs: number | undefined;

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
    const added = bodies.map((entry, i): Waiting => {
      const counter = (this.#counter + i) & 0xff;
      return { id: entry.id, counter, datagram: sealEnvelope(entry.id, counter, entry.body) };
    });
    const addedBytes = added.reduce((sum, { datagram }) => sum + datagram.length, 0);
    if (this.#waiting.length + added.length > maxWaiting) return false;
    if (this.#waitingBytes + addedBytes > maxWaitingBytes) return false;
    this.#waiting.push(...added);
    this.#waitingBytes += addedBytes;
    this.#counter = (this.#counter + added.length) & 0xff;
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

  /** Back to the state of a new connection: empty, counter 0, no splitting. */
  reset(): void {
    this.splitSupported = false;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#counter = 0;
    this.#headSentMs = undefined;
  }
}
