// Voice prompts on a whole box: in its musician's headphones, and nowhere else.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prompts } from "../../src/core/prompt.js";
import { loadPrompts } from "../../src/panel/voice/load.js";
import { voiceFolder } from "../../src/panel/voice/voice-folder.js";
import { channelOf, peak } from "../support/analysis.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { roomy } from "../support/sounding-box.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";
import { readWav } from "../support/wav.js";

const rateHz = 48000;
/** The box may be busy loading its prompts when it is asked for the first. */
const promptly = 3 * rateHz;
/** Any word of a prompt is louder. */
const voiceLevel = 0.05;
/** Half of the least that 16 bits can say. */
const silence = 0.5 / 32768;
/**
 * A server hears our first packets before it knows their format: to it, silence sounds like something then, for a moment.
 * It comes back to us, too, still faded low.
 */
const misheardFrames = rateHz / 4;
const misheardLevel = 0.002;

describe("a box that speaks", function () {
  this.timeout(60_000);
  let recordings: string;
  let server: JamulusServer;
  let card: VirtualCard;
  let spoken: Float64Array[];

  before(async function () {
    // As set-up said, too: espeak-ng or opusenc is missing.
    if (!existsSync(voiceFolder)) this.skip();
    const { samples } = await loadPrompts(
      join(fileURLToPath(voiceFolder), "en"),
      new AbortController().signal,
    );
    spoken = samples.map((prompt) => Float64Array.from(prompt, (sample) => sample / 32768));
  });

  // Its microphone hears nothing: whatever anybody else hears of it would be its voice.
  beforeEach(async () => {
    recordings = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
    server = await startJamulusServer({ recording: recordings });
    card = new VirtualCard({ playbackSeconds: 30 });
  });

  afterEach(async () => {
    await stopAllProcesses();
    card.remove();
    rmSync(recordings, { recursive: true });
  });

  it("tells its musician, word for word, that they are connected and recorded, and nobody else", async () => {
    const box = await joined();
    const end = await heard("recording-on", await heard("connected", 0));
    await played(end + rateHz);
    const after = channelOf(card.played(end, end + rateHz), 0);
    assert.ok(peak(after) < silence, "the voice comes back from the server");
    await box.stop();
    await server.stop();
    const recorded = recordedSamples().slice(2 * misheardFrames);
    assert.ok(recorded.length > 2 * rateHz, `${recorded.length} samples were recorded`);
    const loudest = recorded.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    assert.equal(loudest, 0, "the voice is in the recording");
  });

  it("says nothing where it is to be silent", async () => {
    const box = await joined("panel.voice=false");
    const from = card.currentFrame("playback");
    await box.press("mute");
    await box.reaches("muted", ({ muted }) => muted.on);
    await played(from + promptly);
    const loudest = peak(channelOf(card.played(0, from + promptly), 0));
    assert.ok(loudest < misheardLevel, `up to ${loudest}`);
  });

  async function joined(...sets: readonly string[]): Promise<TestBox> {
    const box = await startBoxAt(server, { card, sets: [...roomy, ...sets] });
    await box.reaches("on its card", ({ audio }) => audio.state === "running");
    await box.press("connect");
    await box.plays();
    return box;
  }

  async function played(frame: number): Promise<void> {
    await until(`frame ${frame} to be played`, () => card.currentFrame("playback") > frame + rateHz / 10);
  }

  /** The frame after the last of this prompt, which is the next thing that is heard from `from` on. */
  async function heard(prompt: (typeof prompts)[number], from: number): Promise<number> {
    const words = spoken[prompts.indexOf(prompt)] ?? new Float64Array();
    const first = words.findIndex((sample) => Math.abs(sample) > voiceLevel);
    const now = Math.max(from, card.currentFrame("playback"));
    await played(now + promptly + words.length);
    const stereo = card.played(from, now + promptly + words.length);
    const begins = [0, 1].map((channel) => {
      const sound = channelOf(stereo, channel);
      const begin = sound.findIndex((sample) => Math.abs(sample) > voiceLevel) - first;
      const differs = (word: number, at: number) => Math.abs(word - (sound[begin + at] ?? 0)) > misheardLevel;
      const fault = words.findIndex(differs);
      assert.equal(fault, -1, `"${prompt}" is not itself at its frame ${fault}`);
      return begin;
    });
    assert.equal(begins[0], begins[1]);
    return from + (begins[0] ?? 0) + words.length;
  }

  function recordedSamples(): readonly number[] {
    const files = readdirSync(recordings, { recursive: true, encoding: "utf8" });
    const wavs = files.filter((file) => file.endsWith(".wav"));
    return wavs.flatMap((file) => [...(readWav(join(recordings, file))?.samples ?? [])]);
  }
});
