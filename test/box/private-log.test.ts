// What two boxes log while much happens to them on real servers: nothing that names a person, a place or a word.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { freeUdpPort } from "../support/free-port.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";

/** Names, addresses and words that occur below; none is part of a word that a log may say. */
const secrets = /Zora|Quentin|Xanten|Local|127\.0|localhost|velvet|mauve/i;

describe("the log of a box at its default level", function () {
  this.timeout(90_000);
  let recordings: string;
  let boxes: TestBox[];

  before(() => {
    recordings = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
  });
  after(async () => {
    await stopAllProcesses();
    rmSync(recordings, { recursive: true });
  });

  const all = (what: string, wished: Parameters<TestBox["reaches"]>[1]) =>
    Promise.all(boxes.map((box) => box.reaches(what, wished)));

  it("tells what happened, and of nobody", async () => {
    const options = { welcome: "a velvet welcome", recording: recordings, args: ["--numchannels", "2"] };
    const server = await startJamulusServer(options);
    const start = (name: string) =>
      startBoxAt(server, {
        name,
        sets: ['profile.city="Xanten"', "privacy.chat=true", "privacy.recording=mute-until-ack"],
      });
    boxes = [await start("Zora"), await start("Quentin")];
    for (const box of boxes) await box.press("connect");
    await all(
      "recorded",
      ({ privacy, connection }) => privacy.recording === "yes" && connection.welcome !== null,
    );
    for (const box of boxes) await box.press("mute");
    await all("open", ({ muted, connection }) => !muted.on && connection.clients.length === 2);

    await boxes[0]?.control.call("say", { text: "something mauve" });
    await all("told", ({ connection }) => connection.chat?.includes("mauve") ?? false);
    await thirdIsRefused(server);

    await server.rpc.call("jamulusserver/stopRecording");
    await all("told no", ({ privacy }) => privacy.recording === "no");
    await server.kill();
    await all("without sound", ({ connection }) => !connection.heard);
    await startJamulusServer({ ...options, port: server.port });
    await all("back", ({ connection, privacy }) => connection.heard && privacy.recording === "yes");
    const nobody = [`localhost:${await freeUdpPort()}`, "mauve.invalid"];
    for (const [index, box] of boxes.entries()) {
      await box.control.call("connect", { server: nobody[index] ?? "" });
      await box.reaches("waiting", ({ connection }) => connection.state === "waiting");
    }

    for (const box of boxes) {
      assert.equal(await box.stop(), "exit 0");
      const log = box.process.log();
      assert.match(log, /joined.*joined again.*no session: (no-answer|not-found)/s);
      assert.doesNotMatch(log, secrets);
    }
  });

  /** Both places are taken. */
  async function thirdIsRefused(server: JamulusServer): Promise<void> {
    const third = await startBoxAt(server, { name: "Velvet" });
    await third.press("connect");
    await third.reaches("refused", ({ connection }) => /full/.test(connection.reason ?? ""));
    await third.stop();
    assert.match(third.process.log(), /no session: full/);
    assert.doesNotMatch(third.process.log(), secrets);
  }
});
