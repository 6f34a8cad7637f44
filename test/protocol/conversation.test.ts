// Two ends that talk over a link which loses and repeats datagrams: each message arrives once and in order.
import assert from "node:assert/strict";
import { Inbox, type Message, Outbox, type QueuedMessage } from "../../src/protocol/index.js";
import { Random } from "../support/random.js";

class End {
  readonly outbox = new Outbox();
  readonly inbox = new Inbox();
  readonly heard: Message[] = [];

  /** Handles a datagram and returns what is to be sent back. */
  take(datagram: Uint8Array): Uint8Array | undefined {
    const received = this.inbox.receive(datagram);
    if (received.kind === "message") this.heard.push(received.message);
    if (received.kind === "acknowledged") this.outbox.acknowledged(received.id, received.counter);
    return "acknowledge" in received ? received.acknowledge : undefined;
  }
}

/** Runs both ends, each datagram 1 ms on its way, until neither waits for anything; returns the time it took. */
function talk(ends: readonly [End, End], random: Random, lossPercent: number): number {
  let onTheWay: { to: 0 | 1; datagram: Uint8Array }[] = [];
  for (let nowMs = 0; nowMs < 3_600_000; nowMs++) {
    const arriving = onTheWay;
    onTheWay = [];
    const send = (to: 0 | 1, datagram: Uint8Array | undefined) => {
      if (datagram === undefined || random.below(100) < lossPercent) return;
      onTheWay.push({ to, datagram });
      if (random.below(100) < lossPercent) onTheWay.push({ to, datagram });
    };
    for (const { to, datagram } of arriving) send(to === 0 ? 1 : 0, ends[to].take(datagram));
    send(1, ends[0].outbox.poll(nowMs));
    send(0, ends[1].outbox.poll(nowMs));
    if (ends.every(({ outbox }) => outbox.length === 0)) return nowMs;
  }
  throw new Error("the ends never finished");
}

function messages(count: number, random: Random): QueuedMessage[] {
  return Array.from({ length: count }, (_, i): QueuedMessage => {
    if (i % 3 === 0) return { kind: "CHAT_TEXT", text: `${i} ${"ü".repeat(random.below(1700))}` };
    return { kind: "CHANNEL_GAIN", channel: i % 150, gain: 0.5 };
  });
}

describe("a conversation", () => {
  for (const lossPercent of [0, 10, 50]) {
    it(`delivers each message once and in order with ${lossPercent} % lost`, () => {
      const random = new Random(lossPercent + 1);
      const ends = [new End(), new End()] as const;
      const said = [messages(200, random), messages(200, random)] as const;
      for (const i of [0, 1] as const) {
        ends[i].outbox.splitSupported = i === 0;
        for (const message of said[i]) assert.equal(ends[i].outbox.queue(message), true);
      }
      const took = talk(ends, random, lossPercent);
      assert.deepEqual(ends[0].heard, said[1]);
      assert.deepEqual(ends[1].heard, said[0]);
      if (lossPercent === 0) assert(took < 1000, `took ${took} ms`);
    });
  }
});
