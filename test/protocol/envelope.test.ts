// Wrapping and unwrapping at the edges.
import assert from "node:assert/strict";
import {
  connectionlessDatagram,
  isConnectionless,
  maxBodyBytes,
  maxDatagramBytes,
  parseEnvelope,
  sealEnvelope,
} from "../../src/protocol/index.js";
import { bytes } from "./vectors.js";

describe("envelope", () => {
  it("of the smallest message", () => {
    const datagram = bytes("0000 f203 00 0000 38ee");
    assert.deepEqual(connectionlessDatagram({ kind: "CLM_DISCONNECTION" }), datagram);
    assert.deepEqual(parseEnvelope(datagram), { ok: true, id: 1010, counter: 0, body: new Uint8Array() });
  });

  it("of the largest message, and nothing larger", () => {
    const datagram = sealEnvelope(18, 255, new Uint8Array(maxBodyBytes).fill(7));
    assert.equal(datagram.length, maxDatagramBytes);
    const envelope = parseEnvelope(datagram);
    assert(envelope.ok && envelope.counter === 255 && envelope.body.length === maxBodyBytes);
    assert.throws(() => sealEnvelope(18, 0, new Uint8Array(maxBodyBytes + 1)), RangeError);
    assert.deepEqual(parseEnvelope(new Uint8Array(maxDatagramBytes + 1)), { ok: false, reason: "too-long" });
  });

  it("breaks with any single bit", () => {
    const datagram = bytes("0000 2000 00 0100 00 f9cc");
    for (let bit = 0; bit < datagram.length * 8; bit++) {
      const broken = datagram.slice();
      broken[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(parseEnvelope(broken).ok, false, `bit ${bit}`);
    }
  });

  it("is connection-less from 1000 to 1999", () => {
    assert.deepEqual([999, 1000, 1999, 2000, 2001].map(isConnectionless), [false, true, true, false, false]);
  });
});
