// Acknowledging, duplicates, unknown messages.
import assert from "node:assert/strict";
import {
  encodeMessage,
  Inbox,
  type Message,
  parseEnvelope,
  type Received,
  sealEnvelope,
} from "../../src/protocol/index.js";
import { bytes } from "./vectors.js";

const pan: Message = { kind: "CHANNEL_PAN", channel: 2, pan: 0.5 };
const chat: Message = { kind: "CHAT_TEXT", text: "hi" };

function seal(message: Message, counter: number): Uint8Array {
  const { id, body } = encodeMessage(message);
  return sealEnvelope(id, counter, body);
}

/** "kind" or "kind reason", and the ID and counter that are acknowledged. */
function summary(received: Received): string {
  const reason = received.kind === "dropped" ? ` ${received.reason}` : "";
  const acknowledge = "acknowledge" in received ? received.acknowledge : undefined;
  if (acknowledge === undefined) return `${received.kind}${reason}`;
  const envelope = parseEnvelope(acknowledge);
  assert(envelope.ok && envelope.id === 1);
  const [low = 0, high = 0] = envelope.body;
  return `${received.kind}${reason}, ack ${low + 256 * high}/${envelope.counter}`;
}

describe("Inbox", () => {
  it("hands a message over together with its acknowledge", () => {
    const received = new Inbox().receive(bytes("0000 2000 00 0100 00 f9cc"));
    assert.deepEqual(received, {
      kind: "message",
      message: { kind: "CLIENT_ID", channel: 0 },
      acknowledge: bytes("0000 0100 00 0200 2000 62b4"),
    });
  });

  it("takes an acknowledge for what it is and never acknowledges it", () => {
    const received = new Inbox().receive(bytes("0000 0100 07 0200 2000 0000"));
    assert.equal(summary(received), "dropped crc");
    assert.deepEqual(new Inbox().receive(seal({ kind: "ACKN", id: 32 }, 7)), {
      kind: "acknowledged",
      id: 32,
      counter: 7,
    });
    assert.equal(summary(new Inbox().receive(sealEnvelope(1, 0, bytes("20")))), "dropped malformed");
  });

  it("never acknowledges a connection-less message", () => {
    const inbox = new Inbox();
    assert.equal(summary(inbox.receive(seal({ kind: "CLM_PING_MS", time: 1 }, 0))), "message");
    assert.equal(summary(inbox.receive(seal({ kind: "CLM_PING_MS", time: 1 }, 0))), "message");
    assert.equal(summary(inbox.receive(sealEnvelope(1500, 0, new Uint8Array()))), "dropped unknown-id");
    assert.equal(summary(inbox.receive(sealEnvelope(1001, 0, new Uint8Array(3)))), "dropped malformed");
  });

  it("acknowledges unknown, obsolete and malformed messages without handing them over", () => {
    const inbox = new Inbox();
    assert.equal(
      summary(inbox.receive(sealEnvelope(14, 3, new Uint8Array(9)))),
      "dropped unknown-id, ack 14/3",
    );
    assert.equal(
      summary(inbox.receive(sealEnvelope(4711, 4, new Uint8Array()))),
      "dropped unknown-id, ack 4711/4",
    );
    assert.equal(summary(inbox.receive(sealEnvelope(10, 5, bytes("0000")))), "dropped malformed, ack 10/5");
    assert.equal(summary(inbox.receive(sealEnvelope(0, 6, new Uint8Array()))), "dropped illegal-id");
  });

  it("acknowledges a duplicate again without handing it over again", () => {
    const inbox = new Inbox();
    assert.equal(summary(inbox.receive(seal(pan, 9))), "message, ack 30/9");
    assert.equal(summary(inbox.receive(seal(pan, 9))), "dropped duplicate, ack 30/9");
    assert.equal(summary(inbox.receive(seal(pan, 9))), "dropped duplicate, ack 30/9");
  });

  it("remembers only the last message: X, Y, X hands X over twice", () => {
    const inbox = new Inbox();
    assert.equal(summary(inbox.receive(seal(pan, 9))), "message, ack 30/9");
    assert.equal(summary(inbox.receive(seal(chat, 10))), "message, ack 18/10");
    assert.equal(summary(inbox.receive(seal(pan, 9))), "message, ack 30/9");
  });

  it("compares both ID and counter", () => {
    const inbox = new Inbox();
    inbox.receive(seal(pan, 9));
    assert.equal(summary(inbox.receive(seal(chat, 9))), "message, ack 18/9");
    assert.equal(summary(inbox.receive(seal(chat, 10))), "message, ack 18/10");
  });

  it("remembers across acknowledges and connection-less messages", () => {
    const inbox = new Inbox();
    inbox.receive(seal(pan, 9));
    inbox.receive(seal({ kind: "ACKN", id: 18 }, 3));
    inbox.receive(seal({ kind: "CLM_PING_MS", time: 1 }, 0));
    inbox.receive(bytes("55"));
    assert.equal(summary(inbox.receive(seal(pan, 9))), "dropped duplicate, ack 30/9");
  });

  it("keeps nothing of the buffer it was given", () => {
    const datagram = seal(chat, 0);
    const received = new Inbox().receive(datagram);
    datagram.fill(0);
    assert(received.kind === "message");
    assert.deepEqual(received.message, chat);
  });
});
