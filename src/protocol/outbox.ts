// The sending side of a conversation: one message in flight, resent until it is acknowledged (spec 1.4).
import { sealEnvelope, wrappingBytes } from "./envelope.js";
import { type ConnectedMessage, type EncodedMessage, encodeMessage } from "./messages.js";
import { splitBody } from "./split.js";

/** What may be queued: acknowledges and parts are made here, not by the caller. */
export type QueuedMessage = Exclude<ConnectedMessage, { kind: "ACKN" | "SPECIAL_SPLIT_MESSAGE" }>;

const resendMs = 400;

const maxWaiting = 1024;
const maxWaitingBytes = 256 * 1024;

/** A message as it was queued; `begun`: a part of it has been sent. */
interface Whole {
  readonly id: number;
  begun: boolean;
}

interface Waiting {
  readonly whole: Whole;
  readonly id: number;
  readonly body: Uint8Array;
}

interface Flight {
  readonly counter: number;
  readonly datagram: Uint8Array;
  sentMs: number;
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
  /** The first of those that wait, once it has been sent. */
  #flight: Flight | null = null;

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
    return this.queueEncoded(encodeMessage(message), false);
  }

  /**
   * The same for a message encoded before, as one that goes to many is. `latest`: it puts what waits of its kind out of
   * date and takes that one's place, unless a part of that has been sent.
   */
  queueEncoded({ id, body }: EncodedMessage, latest: boolean): boolean {
    const parts = this.splitSupported ? splitBody(id, body) : undefined;
    const whole = { id, begun: false };
    const added = (parts?.map(encodeMessage) ?? [{ id, body }]).map((part): Waiting => ({ ...part, whole }));
    const isStale = (waiting: Waiting) => latest && waiting.whole.id === id && !waiting.whole.begun;
    const place = this.#waiting.findIndex(isStale);
    const waiting = this.#waiting.filter((each) => !isStale(each));
    waiting.splice(place < 0 ? waiting.length : place, 0, ...added);
    const bytes = place < 0 ? this.#waitingBytes + bytesOf(added) : bytesOf(waiting);
    if (waiting.length > maxWaiting || bytes > maxWaitingBytes) return false;
    this.#waiting = waiting;
    this.#waitingBytes = bytes;
    return true;
  }

  /** An acknowledge came. True if it was for the message in flight, which makes way for the next one. */
  acknowledged(id: number, counter: number): boolean {
    const head = this.#waiting[0];
    if (head === undefined || head.id !== id || this.#flight?.counter !== counter) return false;
    this.#waiting.shift();
    this.#waitingBytes -= bytesOf([head]);
    this.#flight = null;
    return true;
  }

  /** The datagram to send now, or undefined if nothing is due. */
  poll(nowMs: number): Uint8Array | undefined {
    const head = this.#waiting[0];
    if (head === undefined || this.waitMs(nowMs) !== 0) return undefined;
    this.#flight ??= this.#takeOff(head);
    this.#flight.sentMs = nowMs;
    return this.#flight.datagram;
  }

  /** Milliseconds until `poll` has something to send: 0 now, undefined never (until something is queued). */
  waitMs(nowMs: number): number | undefined {
    if (this.#waiting.length === 0) return undefined;
    if (this.#flight === null) return 0;
    return Math.max(0, this.#flight.sentMs + resendMs - nowMs);
  }

  #takeOff({ whole, id, body }: Waiting): Flight {
    whole.begun = true;
    this.#lastCounter = (this.#lastCounter + this.#step()) & 0xff;
    const counter = this.#lastCounter;
    return { counter, datagram: sealEnvelope(id, counter, body), sentMs: 0 };
  }
}

/** Of their datagrams. */
function bytesOf(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { body }) => sum + wrappingBytes + body.length, 0);
}
