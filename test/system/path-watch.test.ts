// When the path to a server is looked at, and whose answer counts.

import assert from "node:assert/strict";
import { lookEveryMs, PathWatch } from "../../src/system/path-watch.js";
import type { Target } from "../../src/system/tunnel.js";
import { ManualClock } from "../support/manual-clock.js";

const one = { address: "10.9.0.2", port: 22124 };
const other = { address: "10.9.0.3", port: 22124 };

describe("the watch on the path", () => {
  let clock: ManualClock;
  let looks: { readonly server: Target; readonly answer: (encrypted: boolean) => void }[];
  let told: boolean[];
  let watch: PathWatch;

  beforeEach(() => {
    clock = new ManualClock();
    looks = [];
    told = [];
    watch = new PathWatch({
      scheduler: clock,
      isEncrypted: (server) => new Promise((answer) => looks.push({ server, answer })),
      emit: (encrypted) => told.push(encrypted),
    });
  });

  async function answer(look: number, encrypted: boolean): Promise<void> {
    looks[look]?.answer(encrypted);
    await new Promise((done) => setImmediate(done));
  }

  it("looks at once, and again a while after each answer, and tells each", async () => {
    watch.follow(one);
    watch.follow({ ...one });
    assert.equal(looks.length, 1);
    await answer(0, false);
    clock.advance(lookEveryMs - 1);
    assert.equal(looks.length, 1);
    clock.advance(1);
    await answer(1, true);
    clock.advance(lookEveryMs);
    await answer(2, true);
    assert.deepEqual(told, [false, true, true]);
  });

  it("takes no answer about a server that is followed no more, not even if it is followed again", async () => {
    watch.follow(one);
    watch.follow(other);
    watch.follow({ ...one });
    await answer(0, true);
    await answer(1, true);
    assert.deepEqual(told, []);
    await answer(2, false);
    assert.deepEqual(told, [false]);
    assert.deepEqual(
      looks.map(({ server }) => server),
      [one, other, one],
    );
  });

  it("rests where there is no server", async () => {
    watch.follow(one);
    await answer(0, true);
    watch.follow(null);
    clock.advance(10 * lookEveryMs);
    assert.equal(looks.length, 1);
    assert.equal(clock.pending, 0);
  });
});
