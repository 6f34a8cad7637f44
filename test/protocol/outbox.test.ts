// One message in flight, resent until acknowledged.
import assert from "node:assert/strict";
import { encodeMessage, Outbox, parseEnvelope, type QueuedMessage } from "../../src/protocol/index.js";

const gain: QueuedMessage = { kind: "CHANNEL_GAIN", channel: 1, gain: 0.5 };
const chat: QueuedMessage = { kind: "CHAT_TEXT", text: "hi" };

/** ID and counter of a datagram, or undefined. */
function heading(datagram: Uint8Array | undefined): [number, number] | undefined {
  if (datagram === undefined) return undefined;
  const envelope = parseEnvelope(datagram);
  assert(envelope.ok);
  return [envelope.id, envelope.counter];
}

describe("Outbox", () => {
  it("has nothing to send at first", () => {
    const outbox = new Outbox();
    assert.equal(outbox.poll(0), undefined);
    assert.equal(outbox.waitMs(0), undefined);
  });

  it("sends the first message at once and holds the others back", () => {
    const outbox = new Outbox();
    outbox.queue(gain);
    outbox.queue(chat);
    assert.equal(outbox.waitMs(1000), 0);
    assert.deepEqual(heading(outbox.poll(1000)), [13, 0]);
    assert.equal(outbox.poll(1000), undefined);
    assert.equal(outbox.length, 2);
  });

  it("resends the same bytes every 400 ms without end", () => {
    const outbox = new Outbox();
    outbox.queue(gain);
    const first = outbox.poll(0);
    for (let time = 400; time <= 400_000; time += 400) {
      assert.equal(outbox.waitMs(time - 1), 1);
      assert.equal(outbox.poll(time - 1), undefined);
      assert.equal(outbox.waitMs(time), 0);
      assert.deepEqual(outbox.poll(time), first);
    }
  });

  it("resends once after a long pause", () => {
    const outbox = new Outbox();
    outbox.queue(gain);
    outbox.poll(0);
    assert.notEqual(outbox.poll(5000), undefined);
    assert.equal(outbox.poll(5399), undefined);
    assert.equal(outbox.waitMs(5399), 1);
  });

  it("sends the next message as soon as the first is acknowledged", () => {
    const outbox = new Outbox();
    outbox.queue(gain);
    outbox.queue(chat);
    outbox.poll(0);
    assert.equal(outbox.acknowledged(13, 0), true);
    assert.equal(outbox.waitMs(1), 0);
    assert.deepEqual(heading(outbox.poll(1)), [18, 1]);
    assert.equal(outbox.acknowledged(18, 1), true);
    assert.equal(outbox.waitMs(2), undefined);
    assert.equal(outbox.length, 0);
    assert.equal(outbox.heldBytes, 0);
  });

  it("ignores an acknowledge unless ID and counter both match the message in flight", () => {
    const outbox = new Outbox();
    outbox.queue(gain);
    outbox.queue(gain);
    assert.equal(outbox.acknowledged(13, 0), false, "not sent yet");
    outbox.poll(0);
    assert.equal(outbox.acknowledged(18, 0), false, "other ID");
    assert.equal(outbox.acknowledged(13, 1), false, "the next one's counter");
    assert.equal(outbox.acknowledged(13, 0), true);
    assert.equal(outbox.acknowledged(13, 0), false, "a second time");
    assert.equal(outbox.acknowledged(13, 1), false, "not sent yet");
    assert.equal(outbox.length, 1);
  });

  it("counts from 0 to 255 and round again", () => {
    const outbox = new Outbox();
    for (let i = 0; i < 600; i++) {
      outbox.queue(gain);
      assert.deepEqual(heading(outbox.poll(i)), [13, i % 256]);
      assert.equal(outbox.acknowledged(13, i % 256), true);
    }
  });

  it("splits large bodies only when the peer can put them together", () => {
    const outbox = new Outbox();
    const long: QueuedMessage = { kind: "CHAT_TEXT", text: "x".repeat(1500) };
    outbox.queue(long);
    outbox.splitSupported = true;
    outbox.queue(long);
    outbox.queue(chat);
    const sizes: number[] = [];
    for (let counter = 0; outbox.length > 0; counter++) {
      const datagram = outbox.poll(0);
      const [id, sent] = heading(datagram) ?? [];
      assert.equal(sent, counter);
      assert.equal(id, [18, 2001, 2001, 2001, 18][counter]);
      sizes.push(datagram!.length);
      outbox.acknowledged(id!, counter);
    }
    assert.deepEqual(sizes, [1511, 563, 563, 415, 13]);
  });

  it("refuses when full, takes all parts or none, and works on", () => {
    const outbox = new Outbox();
    outbox.splitSupported = true;
    for (let i = 0; i < 1023; i++) assert.equal(outbox.queue(gain), true);
    assert.equal(outbox.queue({ kind: "CHAT_TEXT", text: "x".repeat(600) }), false);
    assert.equal(outbox.length, 1023);
    assert.equal(outbox.queue(gain), true);
    assert.equal(outbox.queue(gain), false);
    for (let i = 0; i < 1024; i++) {
      assert.deepEqual(heading(outbox.poll(0)), [13, i & 255]);
      outbox.acknowledged(13, i & 255);
    }
    assert.equal(outbox.queue(chat), true);
    assert.deepEqual(heading(outbox.poll(0)), [18, 0]);
  });

  it("stays within 256 KiB when nobody acknowledges large messages", () => {
    const outbox = new Outbox();
    let taken = 0;
    for (let i = 0; i < 10_000; i++) {
      if (outbox.queue({ kind: "CHAT_TEXT", text: "€".repeat(1800) })) taken++;
    }
    assert.equal(taken, Math.floor((256 * 1024) / (5400 + 2 + 9)));
    assert(outbox.heldBytes <= 256 * 1024);
  });

  it("counts as it is told to, also in parts", () => {
    const steps = [200, 100, 7, 1, 255];
    const outbox = new Outbox(() => steps.shift()!);
    outbox.splitSupported = true;
    outbox.queue(gain);
    outbox.queue({ kind: "CHAT_TEXT", text: "x".repeat(1000) });
    outbox.queue(chat);
    const seen: number[] = [];
    for (let datagram = outbox.poll(0); datagram; datagram = outbox.poll(0)) {
      const [id, counter] = heading(datagram)!;
      seen.push(counter);
      assert.equal(outbox.acknowledged(id, (counter + 1) & 255), false);
      assert.equal(outbox.acknowledged(id, counter), true);
    }
    assert.deepEqual(seen, [199, 43, 50, 51]);
  });

  describe("with the latest of a kind", () => {
    const listOf = (count: number) =>
      encodeMessage({
        kind: "CONN_CLIENTS_LIST",
        clients: Array.from({ length: count }, (_, channel) => ({
          channel,
          country: 0,
          instrument: 0,
          skill: 0,
          name: "x",
          city: "",
        })),
      });

    /** ID and bytes of all that is sent, in turn, and what counters they have. */
    function drain(outbox: Outbox): { sent: [number, number][]; counters: number[] } {
      const sent: [number, number][] = [];
      const counters: number[] = [];
      for (let datagram = outbox.poll(0); datagram; datagram = outbox.poll(0)) {
        const [id, counter] = heading(datagram)!;
        sent.push([id, datagram.length - 9]);
        counters.push(counter);
        assert.equal(outbox.acknowledged(id, counter), true);
      }
      assert.equal(outbox.heldBytes, 0);
      return { sent, counters };
    }

    it("puts it in the place of the one that waits", () => {
      const outbox = new Outbox();
      outbox.queue(gain);
      outbox.queueEncoded(listOf(1), true);
      outbox.queue(chat);
      for (let count = 2; count <= 2000; count++)
        assert.equal(outbox.queueEncoded(listOf((count % 50) + 1), true), true);
      assert.equal(outbox.length, 3);
      const { sent, counters } = drain(outbox);
      assert.deepEqual(sent, [
        [13, 3],
        [24, listOf(1).body.length],
        [18, 4],
      ]);
      assert.deepEqual(counters, [0, 1, 2], "no counter is left out");
    });

    it("lets one that is on its way get there, all parts of it", () => {
      const outbox = new Outbox();
      outbox.splitSupported = true;
      outbox.queueEncoded(listOf(60), true);
      const [id, counter] = heading(outbox.poll(0))!;
      assert.equal(id, 2001);
      outbox.acknowledged(id, counter);
      outbox.queueEncoded(listOf(61), true);
      outbox.queueEncoded(listOf(62), true);
      const { sent } = drain(outbox);
      const parts = Math.ceil(listOf(60).body.length / 550) - 1 + Math.ceil(listOf(62).body.length / 550);
      assert.equal(sent.length, parts);
    });

    it("leaves messages of other kinds, and those queued without it, where they are", () => {
      const outbox = new Outbox();
      outbox.queue(gain);
      outbox.queue(gain);
      outbox.queueEncoded(listOf(1), false);
      outbox.queueEncoded(listOf(2), false);
      assert.equal(outbox.length, 4);
    });
  });
});
