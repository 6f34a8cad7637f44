// What a running box costs: memory, descriptors, and the time of its JavaScript.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../bench/report.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { tellsHeap, usedHeapMb } from "../support/heap.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { mainThreadMs, residentMb } from "../support/process-cost.js";
import { VirtualCard } from "../support/virtual-card.js";

const watchedMs = 20_000;
/** Nobody counts the first ones, in which the box compiles what it does often. */
const sessionsBefore = 40;
const rounds = 7;
const sessionsInRound = 20;
const mostKb = 10;

const descriptors = ({ process: { pid } }: TestBox) => readdirSync(`/proc/${pid}/fd`).length;

interface Cost {
  readonly heap: number;
  readonly resident: number;
  readonly open: number;
}

/** Growth in most rounds: a leak shows in each of them, what V8's compiler takes now and then does not. */
function perSession(values: readonly number[]): number {
  const growths = values.slice(1).map((value, at) => (value - (values[at] ?? value)) / sessionsInRound);
  return percentile(growths, 0.5);
}

async function leaveAndJoin(box: TestBox, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await box.control.call("disconnect", {});
    await box.reaches("out", ({ connection }) => connection.state === "idle");
    await box.control.call("connect", {});
    await box.plays();
  }
}

describe("the cost of a box", function () {
  this.timeout(120_000);
  const card = new VirtualCard({ source: { type: "tune" } });
  let server: JamulusServer;

  before(async () => {
    server = await startJamulusServer({ fastUpdate: true });
  });

  after(async () => {
    await stopAllProcesses();
    card.remove();
  });

  async function playingBox(env: NodeJS.ProcessEnv = {}): Promise<TestBox> {
    const box = await startBoxAt(server, { card, env });
    await box.reaches("on its card", ({ audio }) => audio.state === "running");
    await box.press("connect");
    await box.plays();
    return box;
  }

  it("is under 90 MB of memory, and under 1 % of a core for JavaScript while nobody presses anything", async () => {
    const box = await playingBox();
    const before = mainThreadMs(box.process.pid);
    await sleep(watchedMs);
    const worked = mainThreadMs(box.process.pid) - before;
    const resident = residentMb(box.process.pid);
    const { connection, audio } = await box.status();
    assert.deepEqual([connection.heard, audio.state], [true, "running"]);
    assert.ok(worked < watchedMs / 100, `JavaScript worked ${worked} ms of ${watchedMs}`);
    assert.ok(resident > 20 && resident < 90, `${resident} MB are resident`);
    await box.stop();
  });

  it("does not rise with the number of sessions", async () => {
    const box = await playingBox({ NODE_OPTIONS: tellsHeap });
    const costs: Cost[] = [];
    await leaveAndJoin(box, sessionsBefore);
    for (let round = 0; round <= rounds; round++) {
      if (round > 0) await leaveAndJoin(box, sessionsInRound);
      costs.push({
        heap: await usedHeapMb(box),
        resident: residentMb(box.process.pid),
        open: descriptors(box),
      });
    }
    const figures = JSON.stringify(costs);
    assert.equal(costs.at(-1)?.open, costs[0]?.open, figures);
    for (const memory of ["heap", "resident"] as const) {
      const kb = 1000 * perSession(costs.map((cost) => cost[memory]));
      assert.ok(kb < mostKb, `${kb} KB more ${memory} with each session: ${figures}`);
    }
    await box.stop();
  });
});
