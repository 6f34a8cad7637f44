// What the watch on the updater makes of its file: news once, and of what it cannot read nothing.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { progressTeller } from "../../image/update/progress.js";
import type { Update } from "../../src/core/update.js";
import { lookEveryMs, UpdateWatch } from "../../src/system/update-watch.js";
import { ManualClock } from "../support/manual-clock.js";
import { until } from "../support/until.js";

describe("the watch on the updater", () => {
  let folder: string;
  let path: string;
  let clock: ManualClock;
  let told: (Update | null)[];
  let watch: UpdateWatch;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-update-watch-"));
    path = join(folder, "status.json");
    clock = new ManualClock();
    told = [];
    watch = new UpdateWatch({ scheduler: clock, emit: (update) => told.push(update), path });
  });
  afterEach(() => {
    watch.stop();
    rmSync(folder, { recursive: true });
  });

  /** Until it has looked once more. */
  async function look(): Promise<void> {
    await until("the next look to be due", () => clock.pending === 1);
    clock.advance(lookEveryMs);
    await until("the look", () => clock.pending === 1);
  }

  it("tells what the updater itself has written, each word once", async () => {
    const tell = progressTeller(path, { info: () => {}, warn: () => {} });
    await watch.start();
    assert.deepEqual(told, []);
    const words: Update[] = [
      { state: "checking" },
      { state: "writing", version: "0.2.0", percent: 10 },
      { state: "trying", version: "0.2.0" },
      { state: "refused", reason: "The box is connected: press CONNECT." },
      { state: "failed", reason: "It did not come up." },
      { state: "done", version: "0.2.0" },
    ];
    for (const word of words) {
      tell(word);
      await look();
      await look();
    }
    tell({ state: "idle" });
    await look();
    assert.deepEqual(told, [...words, null]);
  });

  it("says nothing of a file that it does not understand", async () => {
    for (const text of ["{", "[]", '{"state":"flying"}', '{"state":"writing","version":7,"percent":"1"}']) {
      writeFileSync(path, text);
      await (told.length === 0 ? watch.start() : look());
    }
    assert.deepEqual(told, [null, null, null, null]);
  });

  it("is silent when it has been stopped, even in the midst of a look", async () => {
    writeFileSync(path, '{"state":"checking"}');
    const looking = watch.start();
    watch.stop();
    await looking;
    assert.deepEqual([told, clock.pending], [[], 0]);
  });
});
