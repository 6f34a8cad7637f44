// The captured malformed datagrams, each with the reaction a real server showed.
import assert from "node:assert/strict";
import { type DropReason, Inbox, type Received } from "../../src/protocol/index.js";
import { bytes, vectors } from "./vectors.js";

interface Reaction {
  /** A piece of the vector's note. */
  note: string;
  reason?: DropReason;
  /** Hex of the acknowledge without its checksum. */
  acknowledge?: string;
}

const reactions: Reaction[] = [
  { note: "CRC wrong", reason: "crc" },
  { note: "tag not zero", reason: "tag" },
  { note: "one extra byte", reason: "length" },
  { note: "truncated by one byte", reason: "too-short" },
  { note: "one byte", reason: "too-short" },
  { note: "ping body of 3 bytes: ignored", reason: "malformed" },
  { note: "17 character name: acknowledged but not applied", reason: "malformed", acknowledge: "1900" },
  { note: "JITT_BUF_SIZE 0", reason: "malformed", acknowledge: "0a00" },
  { note: "JITT_BUF_SIZE 22", reason: "malformed", acknowledge: "0a00" },
  { note: "block factor 3: acknowledged but not applied", reason: "malformed", acknowledge: "1400" },
  { note: "codec CELT: acknowledged, server answers OPUS_SUPPORTED", acknowledge: "1400" },
  { note: "CHAT_TEXT of 1801 characters: acknowledged", reason: "malformed", acknowledge: "1200" },
];

describe("malformed datagrams", () => {
  const negatives = vectors("negative");

  it("are all there", () => assert.equal(negatives.length, reactions.length));

  for (const [i, { note, reason, acknowledge }] of reactions.entries()) {
    it(note, () => {
      const { datagram, note: whole } = negatives[i]!;
      assert(whole.includes(note), whole);
      const received: Received = new Inbox().receive(datagram);
      if (reason !== undefined) {
        assert(received.kind === "dropped");
        assert.equal(received.reason, reason);
      } else {
        assert(received.kind === "message" && received.message.kind === "NETW_TRANSPORT_PROPS");
        assert.equal(received.message.codec, 1);
      }
      const sent = "acknowledge" in received ? received.acknowledge : undefined;
      const expected = acknowledge && bytes(`0000 0100 ${toHex(datagram[4]!)} 0200 ${acknowledge}`);
      assert.deepEqual(sent?.subarray(0, -2), expected);
    });
  }
});

function toHex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
