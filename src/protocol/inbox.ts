// The receiving side of a conversation: datagrams in, messages and acknowledges out (spec 1.3 to 1.5).
import { connectedMessages } from "./connected-messages.js";
import { isConnectionless, type NotAMessage, parseEnvelope, sealEnvelope } from "./envelope.js";
import { decodeMessage, encodeMessage, type Message, type NotUnderstood } from "./messages.js";
import { Collector } from "./split.js";

const acknId = connectedMessages.ACKN.id;
const splitId = connectedMessages.SPECIAL_SPLIT_MESSAGE.id;

/** Why a datagram had no effect. Count them by this name. */
export type DropReason = NotAMessage | NotUnderstood | "illegal-id" | "duplicate" | "out-of-order";

/**
 * What came of a datagram. Where there is an `acknowledge`, send it, but only after the message was handled: the
 * protocol lets a reply overtake the acknowledge, never the other way round.
 */
export type Received =
  | { kind: "message"; message: Message; acknowledge?: Uint8Array }
  | { kind: "acknowledged"; id: number; counter: number }
  | { kind: "part"; acknowledge: Uint8Array }
  | { kind: "dropped"; reason: DropReason; acknowledge?: Uint8Array };

/** Serves either role. The caller has checked the sender: connected messages count only from the peer. */
export class Inbox {
  #last: { id: number; counter: number } | undefined;
  readonly #collector = new Collector();

  /** Takes one datagram, which may be reused afterwards. Never throws, whatever the bytes. */
  receive(datagram: Uint8Array): Received {
    const envelope = parseEnvelope(datagram);
    if (!envelope.ok) return { kind: "dropped", reason: envelope.reason };
    const { id, counter, body } = envelope;
    if (id === 0) return { kind: "dropped", reason: "illegal-id" };
    if (isConnectionless(id)) return open(id, body);
    if (id === acknId) return this.#acknowledged(counter, body);

    const acknowledge = acknowledgeOf(id, counter);
    if (this.#last?.id === id && this.#last.counter === counter) {
      return { kind: "dropped", reason: "duplicate", acknowledge };
    }
    this.#last = { id, counter };
    if (id === splitId) return this.#part(body, acknowledge);
    this.#collector.reset();
    return { ...open(id, body), acknowledge };
  }

  /** Bytes of a split message that is not complete. */
  get heldBytes(): number {
    return this.#collector.heldBytes;
  }

  #acknowledged(counter: number, body: Uint8Array): Received {
    const received = open(acknId, body);
    if (received.kind !== "message" || received.message.kind !== "ACKN") return received;
    return { kind: "acknowledged", id: received.message.id, counter };
  }

  #part(body: Uint8Array, acknowledge: Uint8Array): Received {
    const received = open(splitId, body);
    if (received.kind !== "message" || received.message.kind !== "SPECIAL_SPLIT_MESSAGE") {
      this.#collector.reset();
      return { ...received, acknowledge };
    }
    const collected = this.#collector.add(received.message);
    if (collected.state === "partial") return { kind: "part", acknowledge };
    if (collected.state === "out-of-order") return { kind: "dropped", reason: "out-of-order", acknowledge };
    const { originalId } = collected;
    if (!maySplit(originalId)) return { kind: "dropped", reason: "illegal-id", acknowledge };
    return { ...open(originalId, collected.body), acknowledge };
  }
}

type Opened = { kind: "message"; message: Message } | { kind: "dropped"; reason: DropReason };

function open(id: number, body: Uint8Array): Opened {
  const decoded = decodeMessage(id, body);
  return decoded.ok
    ? { kind: "message", message: decoded.message }
    : { kind: "dropped", reason: decoded.reason };
}

/** Only what is queued is ever split. */
function maySplit(id: number): boolean {
  return id !== 0 && id !== acknId && id !== splitId && !isConnectionless(id);
}

/** The acknowledge of a connected message: same counter, its ID as the body. */
function acknowledgeOf(id: number, counter: number): Uint8Array {
  const { id: ackn, body } = encodeMessage({ kind: "ACKN", id });
  return sealEnvelope(ackn, counter, body);
}
