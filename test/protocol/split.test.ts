// Cutting large bodies and putting the parts together, in order and out of it.
import assert from "node:assert/strict";
import {
  encodeMessage,
  Inbox,
  type Message,
  type MessageOf,
  type Received,
  sealEnvelope,
} from "../../src/protocol/index.js";
import { Collector, splitBody } from "../../src/protocol/split.js";
import { vectors } from "./vectors.js";

type Part = MessageOf<"SPECIAL_SPLIT_MESSAGE">;

const body = (size: number) => Uint8Array.from({ length: size }, (_, i) => i & 0xff);
const part = (index: number, parts: number, originalId = 18): Part => ({
  kind: "SPECIAL_SPLIT_MESSAGE",
  originalId,
  parts,
  index,
  slice: Uint8Array.of(index),
});

describe("splitBody", () => {
  it("leaves bodies up to 550 bytes whole", () => {
    assert.equal(splitBody(18, body(0)), undefined);
    assert.equal(splitBody(18, body(550)), undefined);
  });

  const sizes: [size: number, slices: number[]][] = [
    [551, [550, 1]],
    [1100, [550, 550]],
    [1101, [550, 550, 1]],
    [1550, [550, 550, 450]],
    [19800, new Array(36).fill(550)],
  ];
  for (const [size, slices] of sizes) {
    it(`${size} bytes`, () => {
      const parts = splitBody(18, body(size))!;
      assert.deepEqual(
        parts.map(({ slice }) => slice.length),
        slices,
      );
      const collector = new Collector();
      const results = parts.map((each) => collector.add(each));
      assert(results.slice(0, -1).every(({ state }) => state === "partial"));
      assert.deepEqual(results.at(-1), { state: "complete", originalId: 18, body: body(size) });
      assert.equal(collector.heldBytes, 0);
    });
  }

  it("leaves a body whole that nobody could collect", () => {
    assert.equal(splitBody(18, body(19801)), undefined);
  });
});

describe("Collector", () => {
  const [ok, done, bad] = ["partial", "complete", "out-of-order"];
  const sequences: [what: string, parts: Part[], states: (string | undefined)[]][] = [
    ["takes parts in order", [part(0, 3), part(1, 3), part(2, 3)], [ok, ok, done]],
    ["takes a message of one part", [part(0, 1)], [done]],
    ["starts with part 0", [part(1, 2), part(0, 2), part(1, 2)], [bad, ok, done]],
    ["drops all after a gap", [part(0, 4), part(2, 4), part(3, 4)], [ok, bad, bad]],
    ["drops all after a repeated part", [part(0, 3), part(1, 3), part(1, 3), part(2, 3)], [ok, ok, bad, bad]],
    ["begins anew with a first part", [part(0, 2), part(0, 2), part(1, 2)], [ok, ok, done]],
    ["refuses an index that is not below the count", [part(0, 0), part(0, 1), part(1, 1)], [bad, done, bad]],
    ["refuses another count", [part(0, 3), part(1, 2), part(1, 3)], [ok, bad, bad]],
    ["refuses another ID", [part(0, 2), part(1, 2, 24), part(1, 2)], [ok, bad, bad]],
    [
      "takes 36 parts and no more",
      Array.from({ length: 38 }, (_, i) => part(i, 255)),
      [...new Array(36).fill(ok), bad, bad],
    ],
  ];
  for (const [what, parts, states] of sequences) {
    it(what, () => {
      const collector = new Collector();
      assert.deepEqual(
        parts.map((each) => collector.add(each).state),
        states,
      );
    });
  }

  it("holds at most 36 parts of 550 bytes, whatever comes", () => {
    const collector = new Collector();
    let most = 0;
    for (let i = 0; i < 10_000; i++) {
      collector.add({ ...part(i % 37, 255), slice: new Uint8Array(550) });
      most = Math.max(most, collector.heldBytes);
    }
    assert.equal(most, 19800);
  });

  it("copies what it keeps", () => {
    const collector = new Collector();
    const first = part(0, 2);
    collector.add(first);
    first.slice.fill(99);
    assert.deepEqual(collector.add(part(1, 2)), {
      state: "complete",
      originalId: 18,
      body: Uint8Array.of(0, 1),
    });
  });
});

describe("split messages through the inbox", () => {
  const chat: Message = { kind: "CHAT_TEXT", text: "Zürich ".repeat(100) };
  const { id, body: chatBody } = encodeMessage(chat);
  const [first, second] = splitBody(id, chatBody)!.map((each, counter) => seal(each, counter));

  function seal(message: Message, counter: number): Uint8Array {
    const encoded = encodeMessage(message);
    return sealEnvelope(encoded.id, counter, encoded.body);
  }

  function state(received: Received): string {
    return received.kind === "dropped" ? received.reason : received.kind;
  }

  it("come out whole", () => {
    const inbox = new Inbox();
    assert.equal(state(inbox.receive(first!)), "part");
    const received = inbox.receive(second!);
    assert(received.kind === "message");
    assert.deepEqual(received.message, chat);
    assert.equal(inbox.heldBytes, 0);
  });

  it("survive a part that comes twice, acknowledges and connection-less messages", () => {
    const inbox = new Inbox();
    const arrivals = [
      first!,
      first!,
      seal({ kind: "ACKN", id: 18 }, 0),
      seal({ kind: "CLM_EMPTY_MESSAGE" }, 0),
      second!,
    ];
    assert.deepEqual(
      arrivals.map((datagram) => state(inbox.receive(datagram))),
      ["part", "duplicate", "acknowledged", "message", "message"],
    );
  });

  it("are dropped when another connected message comes between", () => {
    for (const between of [
      seal({ kind: "CLIENT_ID", channel: 0 }, 7),
      sealEnvelope(14, 7, new Uint8Array()),
      sealEnvelope(2001, 7, new Uint8Array(3)),
    ]) {
      const inbox = new Inbox();
      inbox.receive(first!);
      inbox.receive(between);
      assert.equal(inbox.heldBytes, 0);
      assert.equal(state(inbox.receive(second!)), "out-of-order");
    }
  });

  it("may not carry acknowledges, connection-less messages or other parts", () => {
    for (const original of [0, 1, 1001, 2001]) {
      assert.equal(state(new Inbox().receive(seal(part(0, 1, original), 0))), "illegal-id");
    }
  });

  it("are acknowledged and dropped when what they carry is unknown or malformed", () => {
    assert.equal(state(new Inbox().receive(seal(part(0, 1, 14), 0))), "unknown-id");
    assert.equal(state(new Inbox().receive(seal(part(0, 1, 25), 0))), "malformed");
  });

  it("are collected as captured from a real client", () => {
    const inbox = new Inbox();
    const parts = vectors("messages-3.9.1").filter(({ id, dir }) => id === 2001 && dir === "c2s");
    const received = parts.map(({ datagram }) => inbox.receive(datagram)).at(-1);
    assert.equal(parts.length, 4);
    assert(received?.kind === "message" && received.message.kind === "CHAT_TEXT");
    assert.equal(encodeMessage(received.message).body.length, 3 * 550 + 62);
  });
});
