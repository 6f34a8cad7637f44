// What a server of the coming Jamulus 4 says of itself to whoever asks, played from captured datagrams.

import assert from "node:assert/strict";
import { vectors } from "../protocol/vectors.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { stopAllProcesses } from "../support/process.js";
import { type Arrival, ScriptedServer } from "../support/scripted-server.js";
import { VirtualCard } from "../support/virtual-card.js";

/** As the real one sent it. */
function captured(messageId: number): Uint8Array {
  const found = vectors("messages-3.12.4dev").find(({ id, dir }) => dir === "s2c" && id === messageId);
  return found?.datagram ?? assert.fail(`message ${messageId} was not captured`);
}
const version = captured(1011);
/** It can record, is recording, and keeps a log. */
const features = captured(1019);

const questions = ["CLM_PING_MS_WITHNUMCLIENTS", "CLM_REQ_VERSION_AND_OS", "CLM_REQ_SERVER_FEATURES"];

describe("a box that asks a server what it does with its guests", function () {
  this.timeout(60_000);
  let card: VirtualCard;
  let server: ScriptedServer;
  let box: TestBox;

  beforeEach(async () => {
    card = new VirtualCard();
    server = await ScriptedServer.start();
  });
  afterEach(async () => {
    await stopAllProcesses();
    server.close();
    card.remove();
  });

  async function join(policy: string, onArrival: (arrival: Arrival) => void): Promise<void> {
    server.onArrival = onArrival;
    box = await startBoxAt(server, { card, sets: [`privacy.recording=${policy}`] });
    await box.reaches("on its card", ({ audio }) => audio.state === "running");
    await box.press("connect");
  }

  /** Answers like the real one, but with these features if any are given. */
  const answering =
    (bits?: number) =>
    ({ message, from }: Arrival) => {
      if (message?.kind === "CLM_REQ_VERSION_AND_OS") server.send(from, version);
      if (message?.kind === "CLM_PING_MS_WITHNUMCLIENTS") server.say(from, { ...message, clients: 3 });
      if (message?.kind !== "CLM_REQ_SERVER_FEATURES") return;
      if (bits === undefined) server.send(from, features);
      else server.say(from, { kind: "CLM_SERVER_FEATURES", features: bits });
    };

  /** Lets the box in upon its first audio. */
  const letIn = () => {
    let known = false;
    return ({ message, from }: Arrival) => {
      if (known || message !== null) return;
      known = true;
      server.say(from, { kind: "CLIENT_ID", channel: 0 });
      server.say(from, { kind: "RECORDER_STATE", state: 2 });
    };
  };

  it("shows what the server says before it has joined", async () => {
    await join("notify", answering());
    const { connection, privacy, panel } = await box.reaches(
      "told",
      (status) => status.connection.enquiry !== null,
    );
    assert.equal(connection.state, "connecting");
    assert.deepEqual([connection.enquiry?.version, connection.enquiry?.clients], ["3.12.4dev-nogit", 3]);
    assert.deepEqual([privacy.recording, privacy.serverMayRecord, privacy.serverLogs], ["yes", "yes", "yes"]);
    assert.match(panel.display.join(" "), /record/i);
    assert.match(panel.display.join(" "), /\blog\b/i);
  });

  it("claims nothing of a server that never answers", async () => {
    await join("notify", () => {});
    const { privacy, panel } = await box.reaches("untold", (status) => status.connection.enquiry !== null);
    assert.deepEqual(
      [privacy.recording, privacy.serverMayRecord, privacy.serverLogs],
      ["unknown", "unknown", "unknown"],
    );
    assert.doesNotMatch(panel.display.join(" "), /\bNOT REC\b|is recording|may record|keeps a log/i);
  });

  it("knows nothing either of one that lets it in without a word about recording", async () => {
    let known = false;
    await join("notify", ({ message, from }) => {
      if (known || message !== null) return;
      known = true;
      server.say(from, { kind: "CLIENT_ID", channel: 0 });
    });
    const { privacy, panel } = await box.reaches(
      "in",
      ({ connection }) => connection.state === "connected" && connection.enquiry !== null,
    );
    assert.equal(privacy.recording, "unknown");
    assert.equal(panel.leds.rec, "short-flash");
    assert.ok(panel.display.includes("REC ?") && !panel.display.includes("NOT REC"));
  });

  it("sends nothing but the questions where its musician refuses and the server says that it records", async () => {
    await join("refuse", answering());
    const { connection, panel } = await box.reaches(
      "out",
      ({ privacy, connection }) => privacy.consent === "refused" && connection.state === "idle",
    );
    assert.match(connection.reason ?? "", /records/);
    assert.ok(panel.display.includes("REFUSED"));
    // Once it has ended, nothing more can come from it.
    assert.equal(await box.stop(), "exit 0");
    assert.deepEqual(server.heard, questions);
  });

  it("joins where its musician refuses and the server only could record, and is gone when it does", async () => {
    const hear = { answer: answering(0x4), letIn: letIn() };
    let goodbyes = 0;
    let afterGoodbye = 0;
    await join("refuse", (arrival) => {
      hear.answer(arrival);
      hear.letIn(arrival);
      // Only of one that is heard it is known that it does not record.
      if (arrival.message === null) server.send(arrival.from, arrival.bytes);
      if (goodbyes > 0) afterGoodbye += 1;
      if (arrival.message?.kind === "CLM_DISCONNECTION") goodbyes += 1;
    });
    const joined = await box.reaches(
      "in, and told no",
      ({ connection, privacy }) => connection.state === "connected" && privacy.recording === "no",
    );
    assert.equal(joined.privacy.serverMayRecord, "yes");
    assert.deepEqual(server.heard.slice(0, questions.length), questions);
    server.say(server.arrivals[0]?.from ?? assert.fail("nobody came"), { kind: "RECORDER_STATE", state: 3 });
    const { connection, panel } = await box.reaches(
      "out",
      (status) => status.privacy.consent === "refused" && status.connection.state === "idle",
    );
    assert.match(connection.reason ?? "", /records/);
    assert.ok(panel.display.includes("REFUSED"));
    assert.equal(await box.stop(), "exit 0");
    assert.deepEqual([goodbyes, afterGoodbye], [1, 0]);
  });

  it("lets the ledger tell of the enquiry even where nothing followed", async () => {
    await join("refuse", answering());
    const { privacy } = await box.reaches("out", ({ privacy }) => privacy.consent === "refused");
    assert.deepEqual(
      privacy.disclosed.map(({ what, to }) => [what, to]),
      [
        ["address", `127.0.0.1:${server.port}`],
        ["enquiry", `127.0.0.1:${server.port}`],
      ],
    );
  });
});
