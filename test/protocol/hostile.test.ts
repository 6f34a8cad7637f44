// A million datagrams that nobody sane would send: each becomes a value, none an exception.
import assert from "node:assert/strict";
import { Inbox, type Received, sealEnvelope } from "../../src/protocol/index.js";
import { Random } from "../support/random.js";
import { vectors } from "./vectors.js";

const count = 1_000_000;

const seeds = [...vectors("messages-"), ...vectors("session-"), ...vectors("negative")]
  .map(({ datagram }) => datagram)
  .filter((datagram) => datagram.length < 700);
const ids = seeds.map((datagram) => (datagram[2] ?? 0) | ((datagram[3] ?? 0) << 8));

/** Random bytes; a damaged datagram; or a datagram with a valid envelope around a damaged or random body. */
function hostile(random: Random): Uint8Array {
  switch (random.below(8)) {
    case 0:
      return random.bytes(random.below(40));
    case 1:
      return damaged(random.pick(seeds), random);
    case 2:
      return random.pick(seeds);
    case 3:
      return sealEnvelope(random.below(65536), random.below(256), random.bytes(random.below(20)));
    case 4:
      return sealEnvelope(random.pick(ids), random.below(256), random.bytes(random.below(60)));
    case 5:
      return sealEnvelope(2001, random.below(256), part(random));
    default: {
      const seed = random.pick(seeds);
      const id = (seed[2] ?? 0) | ((seed[3] ?? 0) << 8);
      return sealEnvelope(id, random.below(256), damaged(seed.subarray(7, -2), random));
    }
  }
}

function damaged(bytes: Uint8Array, random: Random): Uint8Array {
  const length = random.below(4) === 0 ? random.below(bytes.length + 8) : bytes.length;
  const result = new Uint8Array(length);
  result.set(bytes.subarray(0, length));
  for (let i = random.below(4); i > 0 && length > 0; i--) result[random.below(length)] = random.below(256);
  return result;
}

function part(random: Random): Uint8Array {
  const id = random.pick(ids);
  const body = random.bytes(4 + random.below(12));
  body.set([id & 0xff, id >> 8, 1 + random.below(3), random.below(3)]);
  return body;
}

describe("hostile datagrams", () => {
  it(`${count} of them are each counted once, and nothing is held for long`, function () {
    this.timeout(120_000);
    const random = new Random(20260817);
    const inbox = new Inbox();
    const counts = new Map<string, number>();
    let mostHeld = 0;
    for (let i = 0; i < count; i++) {
      const received: Received = inbox.receive(hostile(random));
      const name = received.kind === "dropped" ? `dropped: ${received.reason}` : received.kind;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      mostHeld = Math.max(mostHeld, inbox.heldBytes);
    }
    assert.equal(
      [...counts.values()].reduce((sum, each) => sum + each, 0),
      count,
    );
    const reached = ["message", "acknowledged", "part"];
    const reasons = [
      "too-short",
      "tag",
      "length",
      "crc",
      "unknown-id",
      "malformed",
      "illegal-id",
      "duplicate",
      "out-of-order",
    ];
    for (const name of [...reached, ...reasons.map((reason) => `dropped: ${reason}`)]) {
      assert((counts.get(name) ?? 0) > 0, `${name} was never reached`);
    }
    assert(mostHeld <= 36 * 550);
  });

  it("of the largest size are values too", () => {
    const random = new Random(7);
    for (const size of [19_990, 19_991]) {
      for (const id of new Set(ids)) {
        const body = new Uint8Array(size).fill(random.below(4));
        assert.doesNotThrow(() => new Inbox().receive(sealEnvelope(id, 0, body)), `${id}`);
      }
    }
    assert.equal(new Inbox().receive(new Uint8Array(65507)).kind, "dropped");
  });
});
