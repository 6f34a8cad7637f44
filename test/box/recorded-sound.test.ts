// What a server's recording has of two musicians: of one who agreed beforehand all, of one who was asked nothing before the press.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/core/status.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { sines } from "../support/test-signal.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";
import { readWav } from "../support/wav.js";

const framesPerMs = 48;
const blockFrames = 64;
/** Of the server, which the box tells what it wants there. */
const jitterBlocks = 12;
const sets = [`audio.jitter=${jitterBlocks}`, "audio.periods=6"];

/**
 * How much sound may be in the file although the box sent none after the notice. The server begins the file and sends
 * the notice in the same moment, but writes first what waits in its jitter buffer, all sent before. One block may be
 * on its way just then. The first silent block still fades out the one before it, half of which it overlaps (MDCT),
 * and the decoder's de-emphasis rings for less than another.
 */
const sentBeforeFrames = (jitterBlocks + 1 + 2) * blockFrames;

/** More than this is not the box's doing but a machine's that is busy; the best of several takes must do without. */
const busyFrames = 250 * framesPerMs;
const takes = 3;

const mutedMs = 1200;
const playedMs = 600;

/** Upon SIGUSR2 the box's JavaScript stands still for as long. */
const stillMs = 1500;
const standStill = `
  import { writeSync } from "node:fs";
  process.on("SIGUSR2", () => {
    writeSync(2, "standing still\\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${stillMs});
    writeSync(2, "going on\\n");
  });`;
const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(standStill)}` };

/** Of a recording, in frames from its begin: when sound ended, when it came back, how long it went on. */
interface Take {
  readonly silentFrom: number;
  readonly soundFrom: number;
  readonly end: number;
}

/** How long sound went on from the begin of a recording, and how long it may. */
interface Heard {
  readonly frames: number;
  readonly allowed: number;
}

describe("a recording", function () {
  this.timeout(90_000);
  let recordings: string;
  let server: JamulusServer;
  const cards: VirtualCard[] = [];
  let asked: TestBox;
  let agreed: TestBox;

  before(async () => {
    recordings = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
    server = await startJamulusServer({ recording: recordings, fastUpdate: true });
    await server.rpc.call("jamulusserver/stopRecording");
    asked = await start("Asked", "mute-until-ack");
    agreed = await start("Agreed", "notify");
    for (const box of [asked, agreed]) await box.press("connect");
    for (const box of [asked, agreed]) {
      await box.reaches(
        "playing",
        ({ connection, privacy }) => connection.heard && privacy.recording === "no",
      );
    }
    await server.serves(["Asked", "Agreed"]);
  });

  after(async () => {
    await stopAllProcesses();
    for (const card of cards) card.remove();
    rmSync(recordings, { recursive: true });
  });

  it("is digital silence from the first block after the notice to the press, and sound from there on", async () => {
    const heard: Heard[] = [];
    for (let take = 0; take < takes; take++) {
      const { askedMs, toldMs, pressedMs } = await recordOnce(async () => {});
      const { silentFrom, soundFrom, end } = await takeOf("Asked");
      const silentMs = (soundFrom - silentFrom) / framesPerMs;
      assert.ok(silentMs > pressedMs - toldMs - sentBeforeFrames / framesPerMs, `${silentMs} ms of silence`);
      assert.ok(end - soundFrom > (playedMs / 2) * framesPerMs, "no sound after the press");
      // Until the box's status told of it, at the latest, sound may have left.
      heard.push({ frames: silentFrom, allowed: sentBeforeFrames + (toldMs - askedMs) * framesPerMs });
      const other = await takeOf("Agreed");
      assert.ok(other.silentFrom === other.end && other.end > silentMs, "the other one was not recorded");
    }
    assertShort(heard);
  });

  it("is so even if the box's JavaScript stands still: its audio thread reads the notice itself", async () => {
    const heard: Heard[] = [];
    for (let take = 0; take < takes; take++) {
      const { askedMs, noticeMs } = await recordOnce(async () => {
        const before = count(asked, "standing still");
        asked.process.signal("SIGUSR2");
        await until("the box to stand still", () => count(asked, "standing still") > before);
      });
      const { silentFrom } = await takeOf("Asked");
      heard.push({ frames: silentFrom, allowed: sentBeforeFrames + (noticeMs - askedMs) * framesPerMs });
    }
    assertShort(heard);
  });

  async function start(name: string, policy: string): Promise<TestBox> {
    const card = new VirtualCard({ source: sines(440, 660) });
    cards.push(card);
    const box = await startBoxAt(server, { card, name, env, sets: [...sets, `privacy.recording=${policy}`] });
    await box.reaches("on its card", ({ audio }) => audio.state === "running");
    return box;
  }

  /**
   * Records until the asked one has been silent for a while, has agreed, and has played a while. Times in ms: when the
   * server was asked to record, when it had sent the notice, when the box's status told of it, when MUTE was pressed.
   */
  async function recordOnce(prepare: () => Promise<void>) {
    await prepare();
    const askedMs = performance.now();
    await server.rpc.call("jamulusserver/startRecording");
    const noticeMs = performance.now();
    await asked.reaches("asked", ({ muted }) => muted.by.includes("consent"));
    const toldMs = performance.now();
    await pass(mutedMs);
    const pressedMs = performance.now();
    await asked.press("mute");
    await asked.reaches("open", ({ muted }) => !muted.on);
    await pass(playedMs);
    await server.rpc.call("jamulusserver/stopRecording");
    for (const box of [asked, agreed]) await box.reaches("told no", isTold("no"));
    return { askedMs, noticeMs, toldMs, pressedMs };
  }

  /** So much is captured meanwhile. */
  async function pass(ms: number): Promise<void> {
    const [card] = cards;
    const end = (card?.currentFrame("capture") ?? 0) + ms * framesPerMs;
    await until(`${ms} ms of sound`, () => (card?.currentFrame("capture") ?? 0) > end);
  }

  /** Of the latest recording. */
  async function takeOf(name: string): Promise<Take> {
    const folder = join(recordings, readdirSync(recordings).sort().at(-1) ?? "");
    const files = readdirSync(folder).filter((file) => file.startsWith(name) && file.endsWith(".wav"));
    assert.equal(files.length, 1, `${files}`);
    const { rateHz, channels, samples } = await until("the file to be closed", () =>
      readWav(join(folder, files[0] ?? "")),
    );
    assert.deepEqual([rateHz, channels], [48000, 2]);
    return longestSilence(samples, channels);
  }
});

const isTold =
  (recording: Status["privacy"]["recording"]) =>
  ({ privacy }: Status) =>
    privacy.recording === recording;

function count(box: TestBox, line: string): number {
  return box.process
    .log()
    .split("\n")
    .filter((each) => each === line).length;
}

/** The longest stretch of nothing but zeros, 100 ms at least; else one of no length at the end. */
function longestSilence(samples: Int16Array, channels: number): Take {
  const end = samples.length / channels;
  let longest = { silentFrom: end, soundFrom: end };
  let silentFrom = 0;
  for (let frame = 0; frame <= end; frame++) {
    const isSilent =
      frame < end && samples.subarray(frame * channels, (frame + 1) * channels).every((s) => s === 0);
    if (isSilent) continue;
    const length = Math.max(100 * framesPerMs, longest.soundFrom - longest.silentFrom);
    if (frame - silentFrom > length) longest = { silentFrom, soundFrom: frame };
    silentFrom = frame + 1;
  }
  return { ...longest, end };
}

function assertShort(heard: readonly Heard[]): void {
  const figures = heard.map(({ frames, allowed }) => `${frames} of ${Math.round(allowed)}`).join(", ");
  console.log(`      sound at the begin of the file, in frames of those allowed: ${figures}`);
  const tooLong = heard.map(({ frames, allowed }) => frames - allowed);
  assert.ok(Math.min(...tooLong) <= 0, figures);
  assert.ok(Math.max(...tooLong) <= busyFrames, figures);
}
