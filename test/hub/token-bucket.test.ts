// Budgets that fill up by themselves.

import assert from "node:assert/strict";
import { Allowance } from "../../src/hub/allowance.js";
import { TokenBucket } from "../../src/hub/token-bucket.js";

describe("TokenBucket", () => {
  it("gives a burst at once, then so much a second, and never more than the burst", () => {
    const bucket = new TokenBucket({ burst: 10, perSecond: 2 }, 0);
    assert.equal(bucket.spend(10, 0), true);
    assert.equal(bucket.spend(1, 499), false);
    assert.equal(bucket.spend(1, 500), true);
    assert.equal(bucket.spend(11, 1e9), false);
    assert.equal(bucket.spend(10, 1e9), true);
  });

  it("stands a time that is a little earlier than the last", () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 1000);
    assert.equal(bucket.spend(1, 1000), true);
    assert.equal(bucket.spend(1, 900), false);
    assert.equal(bucket.spend(1, 1999), false);
    assert.equal(bucket.spend(1, 2000), true);
  });
});

describe("Allowance", () => {
  const tiers = {
    address: { burst: 2, perSecond: 1 },
    network: { burst: 3, perSecond: 1 },
    total: { burst: 5, perSecond: 1 },
  };
  const from = (address: string, port = 1) => ({ address, port });

  it("spends by address, by network and in all, and takes nothing where one of them is empty", () => {
    const allowance = new Allowance(tiers, 0);
    const spends = (address: string, port?: number) => allowance.spend(from(address, port), 1, 0);
    assert.deepEqual([spends("10.0.0.1"), spends("10.0.0.1"), spends("10.0.0.1")], [true, true, false]);
    assert.deepEqual(
      [spends("10.0.0.1", 2), spends("10.0.0.2")],
      [true, false],
      "the network has had its three",
    );
    assert.deepEqual([spends("10.0.1.1"), spends("10.0.2.1"), spends("10.0.3.1")], [true, true, false]);
  });

  it("remembers a bounded number of addresses", () => {
    const allowance = new Allowance({ ...tiers, total: { burst: 1e9, perSecond: 1 } }, 0);
    for (let i = 0; i < 20_000; i += 1) allowance.spend(from(`10.${i >> 8}.${i & 255}.1`), 1, 0);
    assert.equal(allowance.size, 4096);
  });
});
