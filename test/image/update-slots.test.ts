// A bundle's way into the other slot: taken, refused, not written right, and cut off at every step.

import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { realDisk } from "../../image/update/disk.js";
import { fromStick } from "../../image/update/stick.js";
import { newKey } from "../../image/update/update-key.js";
import { Random } from "../support/random.js";
import { rounds } from "../support/rounds.js";
import { Cut, CutDisk } from "./update-cut-disk.js";
import {
  bundleOf,
  connectedStatus,
  idleStatus,
  makeSystem,
  newFolder,
  partitionBytes,
  Rig,
  sourceOf,
} from "./update-rig.js";

const present = makeSystem("0.2.0", 1);
const older = makeSystem("0.1.0", 2);
const newer = makeSystem("0.3.0", 3);
const newest = makeSystem("0.3.0+20270101", 4);

/** How often the power is cut at each step, each time with other losses. */
const seeds = rounds;

let rig: Rig;

function newRig(): Rig {
  const made = new Rig(present, older);
  made.systems.push(newer, newest);
  return made;
}

describe("update into the other slot", () => {
  let bundle: Buffer;

  before(async () => {
    bundle = await bundleOf(newer);
  });
  beforeEach(() => {
    rig = newRig();
  });
  afterEach(() => rig.remove());

  /** Nothing but what the refusal is for has happened. */
  function assertRefused(outcome: { readonly kind: string; readonly reason?: string }, reason: RegExp): void {
    assert.equal(outcome.kind, "refused");
    assert.match(outcome.reason!, reason);
    assert.equal(rig.told.at(-1)?.state, "refused");
    assert.equal(rig.asked, null);
    assert.equal(rig.isWritable, false);
    assert.equal(rig.restart("power"), "a");
    assert.equal(rig.systemIn("a"), "0.2.0");
  }

  it("writes it, and asks for a trial of it that config.txt knows nothing of", async () => {
    assert.deepEqual(await rig.update(bundle), { kind: "trying" });
    assert.equal(rig.asked, "trial");
    assert.equal(rig.configured(), "a");
    assert.equal(rig.isWritable, false);
    assert.equal(rig.systemIn("b"), "0.3.0");
    const percents = rig.told.flatMap((each) => (each.state === "writing" ? [each.percent] : []));
    assert.ok(percents[0] === 0 && percents.at(-1) === 100 && percents.length > 5, percents.join());
    assert.equal(rig.restart(), "b");
  });

  it("puts the slot's letter into the command line, in place of any other", async () => {
    const boot = { ...newer.boot, "cmdline.txt": Buffer.from("quiet plugjam.slot=a panic=10\n") };
    await rig.update(await bundleOf({ ...newer, boot }));
    const written = readFileSync(join(rig.layout.boot, "slot-b/cmdline.txt"), "utf8");
    assert.deepEqual(written.trim().split(/\s+/).sort(), ["panic=10", "plugjam.slot=b", "quiet"]);
  });

  it("keeps what else config.txt says in tryboot.txt", async () => {
    await rig.update(bundle);
    const tryboot = readFileSync(join(rig.layout.boot, "tryboot.txt"), "utf8");
    assert.equal(tryboot, "arm_64bit=1\nos_prefix=slot-b/\nkernel=vmlinuz\n");
  });

  it("refuses what is older, and the same", async () => {
    assertRefused(await rig.update(await bundleOf(older)), /0\.1\.0 is not newer than 0\.2\.0/);
    assert.equal(rig.systemIn("b"), "0.1.0");
    const same = await bundleOf({ ...newer, version: "0.2.0" });
    assertRefused(await rig.update(same), /0\.2\.0 is not newer than 0\.2\.0/);
    assert.equal(rig.systemIn("b"), "0.1.0");
  });

  it("takes what is older where the school signed that it may be, once", async () => {
    const back = await bundleOf({ ...newer, version: "0.1.9" }, { allowDowngrade: true });
    rig.systems.push({ ...newer, version: "0.1.9" });
    rig.systems.splice(rig.systems.indexOf(newer), 1);
    assert.deepEqual(await rig.update(back), { kind: "trying" });
    assert.equal(rig.restart(), "b");
    await rig.settle();
    assert.equal(rig.configured(), "b");
    const again = await rig.update(back);
    assert.ok(again.kind === "refused" && again.isFinal, "it would be written for ever");
  });

  it("takes a later build of the same version", async () => {
    rig.restart("power");
    const first = { ...newer, version: "0.2.0+20270101" };
    rig.systems.splice(0, 99, present, older, first);
    assert.deepEqual(await rig.update(await bundleOf(first)), { kind: "trying" });
  });

  it("refuses what another key signed, before it writes anything", async () => {
    const strange = await bundleOf(newer, { key: createPrivateKey(newKey().privatePem) });
    assertRefused(await rig.update(strange), /not signed by a key of this school/);
    assert.equal(rig.systemIn("b"), "0.1.0");
  });

  it("refuses all where no key is set", async () => {
    writeFileSync(rig.layout.keys, "# none\n");
    assertRefused(await rig.update(bundle), /No key for updates is set/);
    rmSync(rig.layout.keys);
    assertRefused(await rig.update(bundle), /No key for updates is set/);
    assert.equal(rig.systemIn("b"), "0.1.0");
  });

  it("refuses what is for another board, or too large", async () => {
    assertRefused(await rig.update(await bundleOf(newer, { board: "riscv64" })), /is for riscv64/);
    const large = { ...newer, root: Buffer.alloc(partitionBytes + 1, 7) };
    assertRefused(await rig.update(await bundleOf(large)), /too large for this card/);
    rig.bootFree = 100;
    assertRefused(await rig.update(bundle), /no room for version 0\.3\.0/);
    assert.equal(rig.systemIn("b"), "0.1.0");
  });

  it("counts what goes with the old slot as free", async () => {
    const old = Object.values(older.boot).reduce((sum, { length }) => sum + length, 0);
    const needed = Object.values(newer.boot).reduce((sum, { length }) => sum + length + 32 * 1024, 0);
    rig.bootFree = needed - old;
    assert.deepEqual(await rig.update(bundle), { kind: "trying" });
  });

  it("waits while somebody plays, is recorded or is on the hub", async () => {
    rig.status = connectedStatus();
    assertRefused(await rig.update(bundle), /is connected: press CONNECT/);
    for (const state of ["connecting", "waiting", "leaving"] as const) {
      rig.status = { ...idleStatus(), connection: { ...idleStatus().connection, state } };
      assertRefused(await rig.update(bundle), /is connected/);
    }
    rig.status = { ...idleStatus(), hub: { clients: [], writing: true } };
    assertRefused(await rig.update(bundle), /is recording/);
    rig.status = { ...idleStatus(), hub: { clients: [{}], writing: false } };
    assertRefused(await rig.update(bundle), /Musicians are on the hub/);
    rig.status = { ...idleStatus(), hub: { clients: [], writing: false } };
    assert.deepEqual(await rig.update(bundle), { kind: "trying" });
  });

  it("waits for a box that does not answer, but not for one that does not run", async () => {
    rig.status = null;
    assertRefused(await rig.update(bundle), /does not say whether it is connected/);
    rig.status = null;
    rig.present = { isActive: false, startedAt: "0", restarts: 90 };
    assert.deepEqual(await rig.update(bundle), { kind: "trying" });
  });

  it("is ready for later when somebody connects meanwhile, and is not written again then", async () => {
    const bytes = sourceOf(bundle);
    const outcome = await rig.update({
      async *read() {
        yield* bytes.read();
        rig.status = connectedStatus();
      },
    });
    assert.ok(outcome.kind === "refused" && /0\.3\.0 is ready\. .*connected/.test(outcome.reason));
    assert.equal(rig.asked, null);
    rig.status = idleStatus();
    const unread = { read: () => assert.fail("it was read again") };
    assert.deepEqual(await rig.update(unread), { kind: "trying" });
    assert.equal(rig.restart(), "b");
  });

  it("looks once more before it asks for the reboot, and leaves no trial behind where it does not", async () => {
    const note = join(rig.layout.memory, "trial-b.json");
    rig.disk = {
      ...realDisk,
      async rename(from, to) {
        await realDisk.rename(from, to);
        if (to === note) rig.status = connectedStatus();
      },
    };
    assertRefused(await rig.update(bundle), /0\.3\.0 is ready\. .*connected/);
    assert.ok(!existsSync(note));
    assert.ok(!existsSync(join(rig.layout.boot, "tryboot.txt")));
    rig.disk = realDisk;
    await rig.settle();
    const unread = { read: () => assert.fail("it was read again") };
    assert.deepEqual(await rig.update(unread), { kind: "trying" });
    assert.equal(rig.restart(), "b");
  });

  it("does not touch a slot where config.txt names another than the one that runs", async () => {
    await rig.update(bundle);
    assert.equal(rig.restart(), "b");
    // The data partition is not there: nobody knows of the trial.
    rmSync(rig.layout.memory, { recursive: true });
    const outcome = await rig.update(await bundleOf(newest));
    assert.ok(outcome.kind === "refused" && /Start the box again/.test(outcome.reason));
    assert.equal(rig.systemIn("a"), "0.2.0");
    assert.equal(rig.restart("power"), "a");
  });

  it("does not touch a slot while it is on trial", async () => {
    await rig.update(bundle);
    rig.restart();
    const outcome = await rig.update(await bundleOf(newest));
    assert.ok(outcome.kind === "refused" && /is on trial/.test(outcome.reason));
    assert.equal(rig.systemIn("b"), "0.3.0");
  });

  it("refuses on a machine that has no slots, or no trial boots", async () => {
    rig.cannotTry = "This kernel cannot.";
    assertRefused(await rig.update(bundle), /This kernel cannot/);
    rig.cannotTry = null;
    writeFileSync(rig.layout.commandLine, "quiet\n");
    const outcome = await rig.update(bundle);
    assert.ok(outcome.kind === "refused" && /not started from a slot/.test(outcome.reason));
  });

  it("refuses what is damaged on its way, wherever that is, and takes a good copy afterwards", async () => {
    const random = new Random(5);
    for (let round = 0; round < 60; round++) {
      const copy = Buffer.from(bundle);
      const at = random.below(bundle.length - 1024);
      const isShort = round % 2 === 0;
      if (!isShort) copy[at]! ^= 1 + random.below(255);
      const outcome = await rig.update(isShort ? copy.subarray(0, at) : copy);
      assert.equal(rig.systemIn("a"), "0.2.0");
      assert.equal(rig.configured(), "a");
      // A byte between two files says nothing.
      if (outcome.kind === "trying") assert.equal(rig.systemIn("b"), "0.3.0");
      else assert.equal(rig.asked, null);
      assert.equal(rig.restart("power"), "a");
      if (outcome.kind === "trying") await rig.settle();
      rmSync(rig.layout.memory, { recursive: true, force: true });
    }
    assert.deepEqual(await rig.update(bundle), { kind: "trying" });
    assert.equal(rig.restart(), "b");
  });

  it("does not boot what the card does not give back as it was written", async () => {
    rig.onRead = (partition) => {
      const contents = readFileSync(partition);
      contents[9_000]! ^= 1;
      writeFileSync(partition, contents);
    };
    await assert.rejects(rig.update(bundle), /card does not keep/);
    assert.equal(rig.asked, null);
    assert.equal(rig.isWritable, false);
    assert.ok(!existsSync(join(rig.layout.boot, "slot-b")), "it has a name");
    assert.equal(rig.restart("power"), "a");
  });

  it("does not boot what a full or broken card did not take", async () => {
    for (let failAt = 1; failAt < 200; failAt++) {
      let step = 0;
      const failing = <Rest extends unknown[], Result>(act: (...rest: Rest) => Promise<Result>) => {
        return async (...rest: Rest) => {
          if (++step === failAt) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
          return act(...rest);
        };
      };
      const opened = (open: typeof realDisk.create) =>
        failing(async (path: string) => {
          const file = await open(path);
          return {
            write: failing(file.write.bind(file)),
            sync: failing(file.sync.bind(file)),
            close: () => file.close(),
          };
        });
      rig.disk = {
        create: opened(realDisk.create),
        overwrite: opened(realDisk.overwrite),
        rename: failing(realDisk.rename),
        remove: failing(realDisk.remove),
        makeFolder: failing(realDisk.makeFolder),
        syncFolder: failing(realDisk.syncFolder),
      };
      const outcome = await rig.update(bundle).catch((error: Error) => error);
      if (step < failAt) {
        assert.deepEqual(outcome, { kind: "trying" });
        assert.ok(failAt > 30, `${failAt} steps`);
        return;
      }
      assert.match(String(outcome), /ENOSPC/);
      assert.equal(rig.asked, null);
      assert.equal(rig.isWritable, false, `step ${failAt}`);
      assert.equal(rig.restart("power"), "a");
      rig.disk = realDisk;
      await rig.settle();
    }
    assert.fail("an update never ends");
  });

  it("survives a power cut at every step, and what was not synced by then is lost", async () => {
    const backups = newFolder();
    let cuts = 0;
    try {
      for (let seed = 0; seed < seeds; seed++) {
        for (let cutAt = 1; ; cutAt++) {
          rig.remove();
          rig = newRig();
          rmSync(backups, { recursive: true });
          mkdirSync(backups);
          const { boot } = rig.layout;
          const disk = new CutDisk(cutAt, new Random(seed * 1000 + cutAt), backups, (path) =>
            path.startsWith(boot) ? rig.isWritable : true,
          );
          rig.disk = disk;
          // Of a trial before, when slot b was whole.
          writeFileSync(join(boot, "tryboot.txt"), "os_prefix=slot-b/\n");
          const end = await rig.update(bundle).catch((error: unknown) => error);
          if (!disk.isCut) {
            assert.deepEqual(end, { kind: "trying" });
            break;
          }
          assert.ok(end instanceof Cut, String(end));
          cuts++;
          const where = `seed ${seed}, step ${cutAt}`;
          assert.equal(rig.restart("power"), "a", where);
          assert.equal(rig.systemIn("a"), "0.2.0", where);
          // tryboot.txt, where there is one, never names half a slot.
          if (existsSync(join(boot, "tryboot.txt"))) assert.match(rig.systemIn("b"), /^0\.[13]\.0$/, where);
          rig.disk = realDisk;
          await rig.settle();
          assert.deepEqual(await rig.update(bundle), { kind: "trying" }, where);
          assert.equal(rig.restart(), "b", where);
          await rig.settle();
          assert.equal(rig.configured(), "b", where);
        }
      }
    } finally {
      rmSync(backups, { recursive: true });
    }
    assert.ok(cuts > 50, `${cuts} cuts`);
  });
});

describe("update from a stick", () => {
  let stick: string;

  beforeEach(() => {
    rig = newRig();
    stick = newFolder();
  });
  afterEach(() => {
    rig.remove();
    rmSync(stick, { recursive: true });
  });

  async function put(name: string, ...wish: Parameters<typeof bundleOf>): Promise<void> {
    writeFileSync(join(stick, name), await bundleOf(...wish));
  }

  it("takes the newest that is signed", async () => {
    await put("a.plugjam", newest);
    await put("b.plugjam", newer);
    await put("c.plugjam", makeSystem("9.0.0", 9), { key: createPrivateKey(newKey().privatePem) });
    writeFileSync(join(stick, "d.plugjam"), "rubbish");
    writeFileSync(join(stick, "._a.plugjam"), "of a Mac");
    assert.deepEqual(await rig.updater.update(fromStick(stick)), { kind: "trying" });
    assert.equal(rig.systemIn("b"), newest.version);
  });

  it("has nothing to say about a stick with other things on it", async () => {
    writeFileSync(join(stick, "holiday.jpg"), "x");
    assert.deepEqual(await rig.updater.update(fromStick(stick)), { kind: "idle" });
  });

  it("says why it takes none", async () => {
    await put("a.plugjam", older);
    const outcome = await rig.updater.update(fromStick(stick));
    assert.ok(outcome.kind === "refused" && /not newer/.test(outcome.reason));
  });

  it("is not looked at while somebody plays", async () => {
    rig.status = connectedStatus();
    const outcome = await rig.updater.update(async () => assert.fail("it was looked at"));
    assert.equal(outcome.kind, "refused");
  });
});
