// A million hostile datagrams on a hub while four play: nobody hears it, memory stays, little goes out to strangers.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type FloodBalance, Flooder } from "../support/flooder.js";
import { tellsHeap, usedHeapMb } from "../support/heap.js";
import { TestHub } from "../support/hub.js";
import { stopAllProcesses } from "../support/process.js";
import { residentMb } from "../support/process-cost.js";

const names = ["Anna", "Ben", "Carl", "Dora"] as const;
const count = 1_000_000;
const seconds = 20;
const calmSeconds = 4;
/** Of all blocks: what a machine busy with other things may cost, whatever the hub does. */
const noise = 1 / 2000;

/** What was made up, at both ends of all four, since the start. */
interface Heard {
  readonly concealed: number;
  readonly decoded: number;
  readonly lateTicks: number;
}

describe("a hub under a flood", function () {
  this.timeout(240_000);
  let hub: TestHub;
  let boxes: TestBox[];
  let flooder: Flooder;

  before(async () => {
    flooder = new Flooder();
    hub = await TestHub.start({
      env: { NODE_OPTIONS: tellsHeap },
      sets: ['hub.welcome="Be kind"', "hub.directory=true"],
    });
    // Room enough for what a busy machine does; the flood may not take it.
    boxes = await Promise.all(
      names.map((name) => startBoxAt(hub, { name, sets: ["audio.jitter=20", "panel.voice=false"] })),
    );
    for (const box of boxes) await box.press("connect");
    for (const box of boxes) await box.plays();
    await hub.serves(...names);
  });

  after(async () => {
    await stopAllProcesses();
    flooder.remove();
  });

  async function heard(): Promise<Heard> {
    const { clients, counters } = await hub.status();
    let concealed = clients
      .filter(({ name }) => (names as readonly string[]).includes(name))
      .reduce((sum, client) => sum + client.concealed, 0);
    let decoded = 0;
    for (const box of boxes) {
      const { audio } = await box.status();
      concealed += audio.concealed;
      decoded += audio.decoded;
    }
    return { concealed, decoded, lateTicks: counters.mixer?.lateTicks ?? 0 };
  }

  const since = (before: Heard, now: Heard): Heard => ({
    concealed: now.concealed - before.concealed,
    decoded: now.decoded - before.decoded,
    lateTicks: now.lateTicks - before.lateTicks,
  });

  it("lets four play on, takes no memory for it, and sends strangers less than they sent", async () => {
    const start = await heard();
    await sleep(calmSeconds * 1000);
    const calm = since(start, await heard());

    const { pid } = hub.box.process;
    const heapBefore = await usedHeapMb(hub.box);
    const residentBefore = residentMb(pid);
    const before = await heard();
    const program = flooder.start(hub.port, count, seconds);
    assert.equal(await program.ended, "exit 0", program.log());
    const balance = JSON.parse(program.log()) as FloodBalance;
    const flooded = since(before, await heard());
    const grownMb = (await usedHeapMb(hub.box)) - heapBefore;
    const residentGrownMb = residentMb(pid) - residentBefore;

    const told = JSON.stringify({ calm, flooded, balance, grownMb, residentGrownMb });
    if (process.env.PLUGJAM_FIGURES) console.log(`      ${told}`);
    assert.equal(balance.sent, count);
    assert.ok(flooded.concealed / flooded.decoded <= calm.concealed / calm.decoded + noise, told);
    assert.ok(balance.bytesBack < balance.bytesOut / 10, told);
    assert.ok(grownMb < 3, told);
    assert.ok(residentGrownMb < 40, told);
    await hub.serves(...names);
  });
});
