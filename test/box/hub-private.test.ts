// What a hub writes while musicians meet, talk and are recorded on it: no name, no address, no word of theirs.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBoxAt } from "../support/box-at.js";
import { TestHub } from "../support/hub.js";
import { startJack } from "../support/jack.js";
import { startJamulusClient } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";

/** Names, places, addresses and words that occur below; none is part of what a hub may say or of sound by chance. */
const secrets = /Zora Quiz|Quentin Xy|Xantenburg|127\.0\.0\.1|localhost|velvet mauve/i;

describe("what a hub writes", function () {
  this.timeout(60_000);
  let recordings: string;

  before(() => {
    recordings = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
  });

  after(async () => {
    await stopAllProcesses();
    rmSync(recordings, { recursive: true });
  });

  it("names nobody in its log, its state, its recordings and their names", async () => {
    const jack = await startJack();
    const hub = await TestHub.start({ sets: [`hub.record_dir="${recordings}"`, "log.level=trace"] });
    const zora = await startJamulusClient({ server: hub, jack, name: "Zora Quiz", city: "Xantenburg" });
    const box = await startBoxAt(hub, { name: "Quentin Xy", sets: ["privacy.chat=true"] });
    await box.press("connect");
    await hub.serves("Zora Quiz", "Quentin Xy");
    await zora.say("velvet mauve");
    await box.reaches("told", ({ connection }) => connection.chat?.includes("velvet mauve") ?? false);
    await hub.box.control.call("record", { wish: "start" });
    await hub.reaches(
      "recording both",
      ({ writing, clients }) => writing && clients.every((each) => each.recorded),
    );
    await box.stop();
    await zora.kill();
    await hub.serves("Zora Quiz");
    await hub.box.control.call("record", { wish: "new" });
    await hub.box.control.call("record", { wish: "stop" });
    await hub.reaches("recording no more", ({ writing }) => !writing);

    // Its own folder is gone with it. The configuration and its copy are the operator's words, not the hub's.
    const words = readFileSync(join(hub.box.folder, "plugjam.toml"), "latin1");
    const kept = filesBelow(hub.box.folder).filter((path) => readFileSync(path, "latin1") !== words);
    for (const path of kept) assertNamesNobody(path);
    assert.equal(await hub.box.stop(), "exit 0");
    // Now that nothing is under way, such as a project file that is about to take another's place.
    const recorded = filesBelow(recordings);
    assert.ok(recorded.filter((path) => path.endsWith(".wav")).length >= 2, recorded.join(" "));
    for (const path of recorded) assertNamesNobody(path);
    assert.doesNotMatch(hub.box.process.log(), secrets);
  });
});

function assertNamesNobody(path: string): void {
  assert.doesNotMatch(path, secrets);
  assert.doesNotMatch(readFileSync(path, "latin1"), secrets, path);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}
