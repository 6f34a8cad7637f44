// A box that is killed, and disks that fail it: the service manager has music back within 3 s, and a disk stops nobody.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TestBox } from "../support/box.js";
import { boxConfig, startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { preload } from "../support/preload.js";
import { stopAllProcesses } from "../support/process.js";
import { Random } from "../support/random.js";
import { rounds, within } from "../support/rounds.js";
import { ServiceManager } from "../support/service-manager.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";

const backMs = within(3_000);

const hour = 3_600_000;

describe("a box that lives without a person", function () {
  this.timeout(60_000 + rounds * 10_000);
  let server: JamulusServer;
  let card: VirtualCard;

  before(async () => {
    server = await startJamulusServer({ fastUpdate: true });
  });

  beforeEach(() => {
    card = new VirtualCard();
  });

  afterEach(() => card.remove());

  after(stopAllProcesses);

  it(`is killed, and plays again within 3 s, ${rounds} times of ${rounds}`, async () => {
    const manager = await ServiceManager.start({ config: boxConfig(server, { card }), env: card.env });
    await manager.box.press("connect");
    await manager.box.plays();
    const late: number[] = [];
    const random = new Random(7);
    // From when the disk has it, the next start knows where this one played.
    const noted = () => readFileSync(join(manager.stateFolder, "place.json"), "utf8");
    let place = "null\n";
    for (let round = 0; round < rounds; round++) {
      const before = place;
      place = await until("its place to be noted", () => {
        const now = noted();
        return now !== before && now !== "null\n" && now;
      });
      await sleep(random.below(500));
      const killedAtMs = performance.now();
      await manager.box.process.kill();
      const box = await manager.startedAgain(round + 1);
      const { wanted } = await box.plays();
      const tookMs = performance.now() - killedAtMs;
      if (tookMs > backMs) late.push(Math.round(tookMs));
      assert.equal(wanted?.name, "Local");
      assert.equal((await server.clients()).length, 1, "no ghost");
    }
    assert.deepEqual(late, []);
    await manager.stop();
    await server.serves([]);
  });

  it("plays with a state folder that is full, read-only, or has a damaged file in it, and says so", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-disk-"));
    const mounted = mount(folder);
    writeFileSync(join(folder, "wanted.json"), '{"name":"Loc');
    if (mounted) fill(join(folder, "filler"));
    else chmodSync(folder, 0o500);
    const env = { STATE_DIRECTORY: folder };
    const box = await startBoxAt(server, { card, env });
    await until("a word about the file", () => box.process.log().includes("it is damaged"));
    await box.press("connect");
    await box.plays();
    if (mounted || process.getuid?.() !== 0) {
      await until("a word about the disk", () =>
        /cannot be written.*(ENOSPC|EACCES|EROFS)/.test(box.process.log()),
      );
      assert.match((await box.status()).troubles.join("\n"), /wanted\.json cannot be written/);
    }
    if (mounted) {
      execFileSync("mount", ["-o", "remount,ro", folder]);
      await box.press("connect");
      await until("a word about the disk", () => box.process.log().includes("EROFS"));
      await box.press("connect");
      await box.plays();
    }
    assert.equal(await box.stop(), "exit 0");
    if (mounted) execFileSync("umount", [folder]);
    rmdirSync(folder);
  });

  it("starts as it did last time when a power cut has left half of its configuration, and says so", async () => {
    const env = { ...card.env, STATE_DIRECTORY: mkdtempSync(join(tmpdir(), "plugjam-state-")) };
    const config = boxConfig(server, { card });
    const first = await TestBox.start({ config, env });
    await first.press("connect");
    await first.plays();
    await until("the configuration to be kept", () =>
      existsSync(join(env.STATE_DIRECTORY, "last-good.toml")),
    );
    await first.process.kill();

    const half = config.slice(0, config.indexOf('"Local"') + 3);
    const again = await TestBox.start({ config: half, env });
    await again.plays();
    assert.match(again.process.log(), /plugjam\.toml:\d+: .*/);
    assert.match(again.process.log(), /plugjam\.toml is not good, so the box starts as it did last time\./);
    await again.press("connect");
    const { panel, troubles } = await again.reaches("ready", ({ connection }) => connection.state === "idle");
    assert.deepEqual([panel.display[0], panel.display.at(-1)], ["FILE NOT GOOD", "Settings: as before"]);
    assert.match(panel.display[1] ?? "", /^plugjam\.toml:\d+$/);
    assert.match(troubles[0] ?? "", /plugjam\.toml:\d+: /);
    await again.stop();

    const emptied = await TestBox.start({ config: "", env });
    assert.match(emptied.process.log(), /plugjam\.toml: is empty/);
    assert.deepEqual((await emptied.status()).selected?.name, "Local");
    await emptied.stop();
    assert.equal(readFileSync(join(env.STATE_DIRECTORY, "last-good.toml"), "utf8"), config);
    rmSync(env.STATE_DIRECTORY, { recursive: true });
  });

  it("plays on when the clock on the wall jumps by hours, there and back", async () => {
    const jumping = preload(`
      const wall = Date.now.bind(Date);
      let ahead = 0;
      Date.now = () => wall() + ahead;
      process.on("SIGUSR2", () => { ahead = ahead === 0 ? ${7 * hour} : ahead > 0 ? ${-7 * hour} : 0; });`);
    const box = await startBoxAt(server, { card, env: jumping });
    await box.press("connect");
    const { connection } = await box.plays();
    for (let jump = 0; jump < 3; jump++) {
      box.process.signal("SIGUSR2");
      const { decoded } = (await box.status()).audio;
      const after = await box.reaches("playing on", ({ audio }) => audio.decoded > decoded + 300);
      assert.deepEqual(
        [after.connection.state, after.connection.heard, after.connection.joinMs],
        ["connected", true, connection.joinMs],
      );
    }
    await box.stop();
  });
});

/** A disk of 64 kB there; false where this user may not. */
function mount(folder: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function fill(file: string): void {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(4096), { flag: "a" });
  } catch {
    assert.ok(readFileSync(file).length > 0);
  }
}
