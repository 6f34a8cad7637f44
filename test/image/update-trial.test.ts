// The first start of an update: kept when the box does well, left when it does not, and what a power cut makes of either.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { realDisk } from "../../image/update/disk.js";
import { patienceMs, steadyMs } from "../../image/update/trial.js";
import { Random } from "../support/random.js";
import { rounds } from "../support/rounds.js";
import { Cut, CutDisk } from "./update-cut-disk.js";
import { bundleOf, connectedStatus, idleStatus, makeSystem, newFolder, Rig } from "./update-rig.js";

const present = makeSystem("0.2.0", 1);
const older = makeSystem("0.1.0", 2);
const newer = makeSystem("0.3.0", 3);

describe("update on trial", () => {
  let bundle: Buffer;
  let rig: Rig;

  before(async () => {
    bundle = await bundleOf(newer);
  });
  beforeEach(() => {
    rig = newRig();
  });
  afterEach(() => rig.remove());

  function newRig(): Rig {
    const made = new Rig(present, older);
    made.systems.push(newer);
    return made;
  }

  /** The new slot runs, and nothing has judged it. */
  async function onTrial(): Promise<void> {
    assert.deepEqual(await rig.update(bundle), { kind: "trying" });
    assert.equal(rig.restart(), "b");
  }

  async function assertKept(): Promise<void> {
    await rig.settle();
    assert.equal(rig.told.at(-1)?.state, "done");
    assert.equal(rig.asked, null);
    assert.equal(rig.configured(), "b");
    assert.equal(rig.isWritable, false);
    assert.ok(!existsSync(join(rig.layout.boot, "tryboot.txt")));
    assert.equal(rig.restart("power"), "b");
    assert.equal(rig.systemIn("a"), "0.2.0");
  }

  async function assertLeft(reason: RegExp): Promise<void> {
    await rig.settle();
    const last = rig.told.at(-1);
    assert.ok(last?.state === "failed");
    assert.match(last.reason, reason);
    assert.equal(rig.configured(), "a");
    assert.equal(rig.restart(), "a");
  }

  /** What comes of the same bundle, offered again. */
  async function again(): Promise<string> {
    const outcome = await rig.update(bundle);
    return outcome.kind === "refused" ? outcome.reason : outcome.kind;
  }

  it("is kept when the box has run for a minute, with its card and its network", async () => {
    await onTrial();
    let waitedMs = 0;
    rig.onWait = (nowMs) => {
      waitedMs = nowMs;
      assert.equal(rig.configured(), "a", "it was kept too soon");
    };
    await assertKept();
    assert.ok(waitedMs >= steadyMs && waitedMs < steadyMs + 10_000, `${waitedMs} ms`);
  });

  it("is known by the card alone, so that it ends where the data partition is lost", async () => {
    const told = () => {
      const words = [rig.layout.commandLine, join(rig.layout.boot, "config.txt")];
      const script = "image/rootfs/usr/libexec/plugjam-on-trial";
      const { status, stderr } = spawnSync(script, words, { encoding: "utf8" });
      return { status, stderr };
    };
    const no = { status: 1, stderr: "" };
    assert.deepEqual(told(), no);
    await onTrial();
    assert.deepEqual(told(), { status: 0, stderr: "" });
    await assertKept();
    assert.deepEqual(told(), no);
    rmSync(join(rig.layout.boot, "config.txt"));
    assert.equal(told().status, 1, "it is not known, so nothing is left");
  });

  it("may be played on meanwhile", async () => {
    await onTrial();
    rig.status = connectedStatus();
    await assertKept();
  });

  it("need not have what was not there before: no card, no network", async () => {
    rig.status = { ...idleStatus(), audio: { ...idleStatus().audio, state: "failed" } };
    rig.network = false;
    await onTrial();
    rig.status = { ...idleStatus(), audio: { ...idleStatus().audio, state: "failed" } };
    await assertKept();
  });

  it("counts the minute from the last restart", async () => {
    await onTrial();
    let waitedMs = 0;
    rig.onWait = (nowMs) => {
      waitedMs = nowMs;
      if (nowMs === 40_000) rig.present = { isActive: true, startedAt: "2", restarts: 1 };
    };
    await assertKept();
    assert.ok(waitedMs >= 40_000 + steadyMs, `${waitedMs} ms`);
  });

  it("is left at once when the box crashes again and again, and is not tried again", async () => {
    await onTrial();
    let restarts = 0;
    rig.onWait = (nowMs) => {
      restarts++;
      rig.present = { isActive: restarts % 2 === 0, startedAt: String(restarts), restarts };
      assert.ok(nowMs < 20_000, "nobody waits for that");
    };
    await assertLeft(/0\.3\.0: the box ended again and again/);
    assert.match(await again(), /0\.3\.0 failed on this box and is not tried again: .*again and again/);
    assert.equal(rig.systemIn("a"), "0.2.0");
  });

  it("is left when the box never starts, or does not answer", async () => {
    await onTrial();
    rig.present = { isActive: false, startedAt: "0", restarts: 0 };
    await assertLeft(/0\.3\.0: the box did not start/);
    assert.match(await again(), /not tried again/);
    rig.remove();
    rig = newRig();
    await onTrial();
    rig.status = null;
    await assertLeft(/0\.3\.0: the box does not answer/);
    assert.match(await again(), /not tried again/);
  });

  it("is left when card or network do not come back, after minutes, and may be tried once more", async () => {
    for (const lack of ["card", "network"]) {
      await onTrial();
      let waitedMs = 0;
      rig.onWait = (nowMs) => {
        waitedMs = nowMs;
      };
      if (lack === "card")
        rig.status = { ...idleStatus(), audio: { ...idleStatus().audio, state: "failed" } };
      else rig.network = false;
      await assertLeft(lack === "card" ? /sound card that was there before/ : /no network/);
      assert.ok(waitedMs >= patienceMs - 5_000, `${waitedMs} ms`);
      rig.network = true;
      assert.equal(await again(), "trying");
      assert.equal(rig.restart(), "b");
      if (lack === "card") {
        await assertKept();
        rig.remove();
        rig = newRig();
      }
    }
  });

  it("keeps a card that comes late", async () => {
    await onTrial();
    rig.status = { ...idleStatus(), audio: { ...idleStatus().audio, state: "failed" } };
    rig.onWait = (nowMs) => {
      if (nowMs === 100_000) rig.status = idleStatus();
    };
    await assertKept();
  });

  it("is given up when it does not come up, twice: the first time it may have been the plug", async () => {
    for (const next of ["trying", /not tried again: Version 0\.3\.0 did not come up/]) {
      assert.deepEqual(await rig.update(bundle), { kind: "trying" });
      // It hangs, and the watchdog ends it; or the plug was pulled.
      assert.equal(rig.restart("power"), "a");
      await assertLeft(/did not come up: the box went back/);
      assert.ok(!existsSync(join(rig.layout.boot, "tryboot.txt")));
      if (next === "trying") continue;
      assert.match(await again(), next as RegExp);
    }
  });

  it("goes back even when it cannot write why", async () => {
    await onTrial();
    rig.present = { isActive: true, startedAt: "9", restarts: 9 };
    rig.disk = { ...realDisk, create: () => Promise.reject(new Error("EIO")) };
    await assert.rejects(rig.settle(), /EIO/);
    assert.equal(rig.asked, "plain");
    assert.equal(rig.restart(), "a");
  });

  it("leaves the next one its chance after one that failed", async () => {
    await onTrial();
    rig.present = { isActive: true, startedAt: "9", restarts: 9 };
    await assertLeft(/again and again/);
    const better = makeSystem("0.3.1", 9);
    rig.systems.push(better);
    assert.deepEqual(await rig.update(await bundleOf(better)), { kind: "trying" });
    assert.equal(rig.restart(), "b");
    await assertKept();
  });

  it("goes to and fro between the slots, update after update", async () => {
    for (const [index, slot] of ["b", "a", "b", "a"].entries()) {
      const next = makeSystem(`1.0.${index}`, 100 + index);
      rig.systems.push(next);
      assert.deepEqual(await rig.update(await bundleOf(next)), { kind: "trying" });
      assert.equal(rig.restart(), slot);
      await rig.settle();
      assert.equal(rig.configured(), slot);
    }
  });

  it("does nothing at a start without a trial", async () => {
    await rig.settle();
    assert.deepEqual(rig.told, []);
  });

  it("knows that something is on trial even if it cannot read what", async () => {
    await onTrial();
    writeFileSync(join(rig.layout.memory, "trial-b.json"), "{");
    writeFileSync(join(rig.layout.memory, "memory.json"), "\0\0\0");
    await assertKept();
  });

  for (const end of ["kept", "left"] as const) {
    it(`survives a power cut at every step of being ${end}`, async () => {
      const backups = newFolder();
      let cuts = 0;
      try {
        for (let seed = 0; seed < 2 * rounds; seed++) {
          for (let cutAt = 1; ; cutAt++) {
            rig.remove();
            rig = newRig();
            rmSync(backups, { recursive: true });
            mkdirSync(backups);
            await onTrial();
            if (end === "left") rig.present = { isActive: true, startedAt: "9", restarts: 9 };
            const { boot } = rig.layout;
            const disk = new CutDisk(cutAt, new Random(seed * 1000 + cutAt), backups, (path) =>
              path.startsWith(boot) ? rig.isWritable : true,
            );
            rig.disk = disk;
            const error = await rig.settle().then(
              () => null,
              (error: unknown) => error,
            );
            if (!disk.isCut) {
              assert.equal(error, null);
              break;
            }
            assert.ok(error instanceof Cut, String(error));
            cuts++;
            const where = `seed ${seed}, step ${cutAt}`;
            rig.disk = realDisk;
            // Whatever config.txt names is whole: restart() sees to that.
            const slot = rig.restart("power");
            if (end === "left") assert.equal(slot, "a", where);
            await rig.settle();
            assert.equal(rig.configured(), slot, where);
            assert.ok(!existsSync(join(rig.layout.memory, `trial-${slot}.json`)), where);
            const outcome = await rig.update(bundle);
            if (slot === "b")
              assert.ok(outcome.kind === "refused" && /not newer/.test(outcome.reason), where);
          }
        }
      } finally {
        rmSync(backups, { recursive: true });
      }
      assert.ok(cuts >= 15, `${cuts} cuts`);
    });
  }
});
