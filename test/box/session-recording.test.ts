// What the box says about being recorded, and does about it, on a real server that records or does not.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/core/status.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";

/** From asking the server, so its own time and the network's are in it. */
const mostMs = 200;
const toggles = 20;

interface Seen {
  readonly status: Status;
  readonly atMs: number;
}

describe("a box that may be recorded", function () {
  this.timeout(60_000);
  let recordings: string;
  let card: VirtualCard;
  let server: JamulusServer;
  let box: TestBox;

  beforeEach(() => {
    recordings = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
    card = new VirtualCard();
  });

  afterEach(async () => {
    await stopAllProcesses();
    card.remove();
    rmSync(recordings, { recursive: true });
  });

  const told = (recording: Status["privacy"]["recording"]) =>
    box.reaches(
      `told ${recording}`,
      ({ connection, privacy }) => connection.heard && privacy.recording === recording,
    );

  it("does not know before it is connected, and knows once it is: yes", async () => {
    server = await startJamulusServer({ recording: recordings });
    box = await startBoxAt(server, { card });
    const before = await box.status();
    assert.equal(before.privacy.recording, "unknown");
    assert.equal(before.panel.leds.rec, "off");
    await box.press("connect");
    const joined = await told("yes");
    assert.equal(joined.panel.leds.rec, "on");
    assert.ok(joined.panel.display.includes("REC"));
    assert.deepEqual(joined.muted, { on: false, by: [] });
    await box.press("connect");
    const after = await box.reaches("out", ({ connection }) => connection.state === "idle");
    assert.equal(after.privacy.recording, "unknown");
    assert.equal(after.panel.leds.rec, "off");
  });

  it("knows when nobody records: no", async () => {
    server = await startJamulusServer();
    box = await startBoxAt(server, { card });
    await box.press("connect");
    const joined = await told("no");
    assert.equal(joined.panel.leds.rec, "off");
    assert.ok(joined.panel.display.includes("NOT REC"));
  });

  it("follows the recorder as it is stopped and started", async () => {
    server = await startJamulusServer({ recording: recordings });
    box = await startBoxAt(server, { card });
    await box.press("connect");
    await told("yes");
    for (let round = 0; round < 3; round++) {
      await server.rpc.call("jamulusserver/stopRecording");
      assert.equal((await told("no")).panel.leds.rec, "off");
      await server.rpc.call("jamulusserver/startRecording");
      assert.equal((await told("yes")).panel.leds.rec, "on");
    }
  });

  it("keeps the microphone shut until its musician agrees", async () => {
    server = await startJamulusServer({ recording: recordings });
    await server.rpc.call("jamulusserver/stopRecording");
    box = await startBoxAt(server, { card, sets: ["privacy.recording=mute-until-ack"] });
    await box.press("connect");
    assert.deepEqual((await told("no")).muted, { on: false, by: [] });

    await server.rpc.call("jamulusserver/startRecording");
    const asked = await told("yes");
    assert.deepEqual(asked.muted, { on: true, by: ["consent"] });
    assert.equal(asked.privacy.consent, "muted-until-acknowledged");
    assert.equal(asked.panel.leds.mute, "slow-blink");

    await box.press("mute");
    const agreed = await box.reaches("heard", ({ muted }) => !muted.on);
    assert.equal(agreed.panel.leds.mute, "off");
    assert.equal(agreed.panel.leds.rec, "on");

    // The next recording asks anew.
    await server.rpc.call("jamulusserver/stopRecording");
    await told("no");
    await server.rpc.call("jamulusserver/startRecording");
    assert.deepEqual((await told("yes")).muted, { on: true, by: ["consent"] });
  });

  it("shows it on lights, display and status in time, on two boxes at once, never one without the others", async () => {
    server = await startJamulusServer({ recording: recordings });
    await server.rpc.call("jamulusserver/stopRecording");
    const otherCard = new VirtualCard();
    const boxes = [
      await startBoxAt(server, { card, name: "One" }),
      await startBoxAt(server, { card: otherCard, name: "Other" }),
    ];
    const seen: Seen[][] = [];
    for (box of boxes) {
      await box.press("connect");
      await told("no");
      const own: Seen[] = [];
      seen.push(own);
      await box.control.watch((status) => own.push({ status, atMs: performance.now() }));
    }
    await server.serves(["One", "Other"]);

    const measured: number[] = [];
    for (let round = 0; round < toggles; round++) {
      const recording = round % 2 === 0 ? "yes" : "no";
      const askedMs = performance.now();
      await server.rpc.call(`jamulusserver/${recording === "yes" ? "start" : "stop"}Recording`);
      for (const own of seen) {
        const first = await until(`a box to be told ${recording}`, () =>
          own.find(({ atMs, status }) => atMs > askedMs && status.privacy.recording === recording),
        );
        measured.push(first.atMs - askedMs);
      }
    }
    const statuses = seen.flatMap((own) => own.map(({ status }) => status));
    for (const { privacy, panel } of statuses) {
      const shown = { yes: ["on", "REC"], no: ["off", "NOT REC"], unknown: ["short-flash", "REC ?"] };
      const line = panel.display.find((text) => /^(NOT )?REC\b/.test(text));
      assert.deepEqual([panel.leds.rec, line], shown[privacy.recording]);
    }
    const inTime = measured.filter((ms) => ms < mostMs).length;
    const sorted = measured.toSorted((a, b) => a - b).map((ms) => ms.toFixed(1));
    const figures = `half within ${sorted[measured.length >> 1]} ms, all within ${sorted.at(-1)} ms`;
    console.log(`      from asking the server to the box's status: ${figures}`);
    // The machine may be busy with other things now and then.
    assert.ok(inTime >= 0.9 * measured.length, figures);
    await stopAllProcesses();
    otherCard.remove();
  });

  it("leaves at once where its musician wants no recording, says why, and leaves no ghost", async () => {
    server = await startJamulusServer({ recording: recordings });
    box = await startBoxAt(server, { card, sets: ["privacy.recording=refuse"] });
    await box.press("connect");
    const { connection, privacy, panel, wanted } = await box.reaches(
      "out again",
      (status) => status.connection.state === "idle" && status.privacy.consent === "refused",
    );
    assert.equal(connection.reason, "The server records. This box plays only where nobody does.");
    assert.equal(privacy.recording, "unknown");
    assert.ok(panel.display.includes("REFUSED"));
    assert.equal(wanted, null);
    await server.serves([]);
  });

  it("plays where its musician wants no recording and there is none, and leaves when one starts", async () => {
    server = await startJamulusServer({ recording: recordings });
    await server.rpc.call("jamulusserver/stopRecording");
    box = await startBoxAt(server, { card, sets: ["privacy.recording=refuse"] });
    await box.press("connect");
    await told("no");
    assert.deepEqual(readdirSync(recordings), []);
    await server.rpc.call("jamulusserver/startRecording");
    await box.reaches(
      "out again",
      (status) => status.connection.state === "idle" && status.privacy.consent === "refused",
    );
    await server.serves([]);
  });
});
