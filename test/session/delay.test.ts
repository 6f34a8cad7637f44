// The delay that is shown: pings, the estimate, and how often it is news.

import assert from "node:assert/strict";
import { transportFor } from "../../src/protocol/index.js";
import { DelayNews, estimateDelay } from "../../src/session/delay.js";
import { hearPing, type Pings, sendPing } from "../../src/session/pings.js";

describe("pings", () => {
  it("measures the round trip of the ping that is answered, once", () => {
    const first = sendPing([], 1000.4, 5000.4);
    assert.equal(first.time, 1000);
    const second = sendPing(first.pings, 1500.4, 5500.4);
    const late = hearPing(second.pings, first.time, 5612.9);
    assert.equal(late.pingMs, 612.5);
    assert.equal(hearPing(late.pings, first.time, 5613).pingMs, null);
    assert.ok(Math.abs(hearPing(late.pings, second.time, 5520)!.pingMs! - 19.6) < 1e-9);
  });

  it("goes on when the counter wraps after 49 days", () => {
    const elapsedMs = 2 ** 32 - 1;
    const last = sendPing([], elapsedMs, elapsedMs);
    const next = sendPing(last.pings, elapsedMs + 500, elapsedMs + 500);
    assert.deepEqual([last.time, next.time], [0xffffffff, 499]);
    assert.equal(hearPing(next.pings, last.time, elapsedMs + 700).pingMs, 700);
    assert.equal(hearPing(next.pings, next.time, elapsedMs + 530).pingMs, 30);
  });

  it("ignores answers that nobody asked for, or to pings of long ago", () => {
    let pings: Pings = [];
    for (let n = 0; n < 20; n += 1) ({ pings } = sendPing(pings, n * 500, n * 500));
    assert.equal(hearPing(pings, 123456, 10_000).pingMs, null);
    assert.equal(hearPing(pings, 0, 10_000).pingMs, null);
    assert.equal(hearPing(pings, 19 * 500, 10_000).pingMs, 500);
    assert.ok(pings.length <= 8);
  });
});

describe("the delay estimate", () => {
  const choice = { channels: 1, blocksPerPacket: 1, sequenced: true } as const;
  const known = { pingMs: 20.4, clientBlocks: 4, serverBlocks: 6, cardMs: 8 };

  it("adds up what lies between two ears", () => {
    const format = transportFor({ ...choice, blockFrames: 128, quality: "normal" });
    // 20.4 ping + 2.667 fill + 0.7 * 2.667 * 10 jitter + 8 card + 1.333 codec
    assert.deepEqual(estimateDelay({ ...known, format }), { pingMs: 20, delayMs: 51 });
  });

  it("counts shorter blocks, doubled packets, and a codec that is not there", () => {
    const short = transportFor({ ...choice, blockFrames: 64, quality: "normal" });
    assert.equal(estimateDelay({ ...known, format: short }).delayMs, 40);
    const double = transportFor({ ...choice, blockFrames: 128, quality: "normal", blocksPerPacket: 2 });
    assert.equal(estimateDelay({ ...known, format: double }).delayMs, 54);
    const raw = transportFor({ ...choice, blockFrames: 128, quality: "raw" });
    assert.equal(estimateDelay({ ...known, format: raw }).delayMs, 50);
  });

  it("is news once a second at most, and only when it changed", () => {
    const news = new DelayNews();
    const steps: [number, number, boolean][] = [
      [0, 50, true],
      [500, 51, false],
      [1000, 50, false],
      [1500, 51, true],
      [2499, 60, false],
      [2500, 60, true],
    ];
    for (const [atMs, delayMs, isNews] of steps)
      assert.equal(news.isNews({ pingMs: 20, delayMs }, atMs), isNews, `at ${atMs} ms`);
  });
});
