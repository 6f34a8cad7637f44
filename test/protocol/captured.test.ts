// Every captured message, byte for byte and in its meaning, both ways; captured audio is no message.
import assert from "node:assert/strict";
import {
  decodeMessage,
  encodeMessage,
  type Message,
  messageName,
  parseEnvelope,
  sealEnvelope,
} from "../../src/protocol/index.js";
import { noteOf } from "./note.js";
import { type Vector, vectors } from "./vectors.js";

const all = [...vectors("messages-"), ...vectors("session-")];
const messages = all.filter(({ id }) => id !== undefined);
const audio = [...all.filter(({ id }) => id === undefined), ...vectors("audio-")];

function decode({ datagram, where }: Vector): { counter: number; message: Message } {
  const envelope = parseEnvelope(datagram);
  assert(envelope.ok, where);
  const decoded = decodeMessage(envelope.id, envelope.body);
  assert(decoded.ok, where);
  return { counter: envelope.counter, message: decoded.message };
}

describe("captured datagrams", () => {
  it("are all there", () => {
    assert.equal(messages.length, 51 + 155 + 12 + 413);
    assert.equal(audio.length, 47 + 3 * 60 + 24);
  });

  it("become messages with the ID they were captured as", () => {
    for (const vector of messages) {
      const { message } = decode(vector);
      assert.equal(encodeMessage(message).id, vector.id, vector.where);
    }
  });

  it("become the same bytes again", () => {
    for (const vector of messages) {
      const { counter, message } = decode(vector);
      const { id, body } = encodeMessage(message);
      assert.deepEqual(sealEnvelope(id, counter, body), vector.datagram, vector.where);
    }
  });

  it("mean what their notes say", () => {
    for (const vector of messages) {
      const { counter, message } = decode(vector);
      const name = messageName(vector.id!);
      const size = vector.datagram.length - 9;
      const expected = `${vector.id} ${name} cnt=${counter} len=${size} ${noteOf(message)}`;
      assert.equal(vector.note.slice(0, expected.length), expected);
      assert.match(vector.note.slice(expected.length), /^ *(\(.*\))?$/);
    }
  });

  it("cover every message there is", () => {
    const seen = new Set(messages.map(({ id }) => id));
    const known = Array.from({ length: 65536 }, (_, id) => id).filter((id) => messageName(id) !== undefined);
    assert.equal(known.length, 22 + 22 + 1);
    assert.deepEqual(
      known.filter((id) => !seen.has(id)),
      [],
    );
  });

  it("give a value for every prefix of every body", () => {
    for (const { id, datagram } of messages) {
      const body = datagram.subarray(7, -2);
      for (let length = 0; length < body.length; length++) decodeMessage(id!, body.subarray(0, length));
    }
  });

  it("are no message when they are audio", () => {
    for (const { datagram, where } of audio) assert.equal(parseEnvelope(datagram).ok, false, where);
  });

  it("are no message when cut short anywhere", () => {
    for (const { datagram, where } of messages) {
      for (let length = 0; length < datagram.length; length++) {
        assert.equal(parseEnvelope(datagram.subarray(0, length)).ok, false, where);
      }
    }
  });
});
