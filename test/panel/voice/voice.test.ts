// The voice: what it says when, and what it does without its files.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { prompts } from "../../../src/core/prompt.js";
import { Voice } from "../../../src/panel/voice/voice.js";
import { voiceFolder } from "../../../src/panel/voice/voice-folder.js";
import { FakeEngine } from "../../support/fake-engine.js";

describe("the voice", () => {
  let folder: string;
  let engine: FakeEngine;
  let warnings: string[];
  const logger = { warn: (line: string) => void warnings.push(line) };
  let voice: Voice;
  let nowMs: number;

  // The files are missing, which changes nothing of what the engine is asked.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-voice-"));
    engine = new FakeEngine(() => nowMs);
    nowMs = 1000;
    warnings = [];
    voice = new Voice({ engine, clock: { nowMs: () => nowMs }, language: "en", logger, folder });
    voice.begin();
  });
  afterEach(() => {
    voice.close();
    rmSync(folder, { recursive: true });
  });

  const played = () =>
    engine.calls.flatMap((call) => (call.call === "playPrompt" ? [[prompts[call.index], call.topic]] : []));

  it("hands over every prompt, in their order, and warns in one line of those that are missing", async () => {
    await voice.ready;
    const handed = engine.calls.flatMap((call) => (call.call === "setPrompts" ? [call.prompts.length] : []));
    assert.deepEqual(handed, [prompts.length]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /en\/connected\.opus: ENOENT.*, and \d+ more; `npm run build:voice` /);
  });

  it("gives prompts about one thing one topic, and others another", async () => {
    await voice.ready;
    for (const prompt of ["connected", "muted", "unmuted", "connection-lost"] as const) voice.say(prompt);
    const [link, mute, sameMute, sameLink] = played().map(([, topic]) => topic);
    assert.notEqual(link, mute);
    assert.deepEqual([sameMute, sameLink], [mute, link]);
  });

  it("says what it was asked before it could speak, but nothing stale", async () => {
    for (const prompt of ["connected", "muted", "connection-lost"] as const) voice.say(prompt);
    assert.deepEqual(played(), []);
    await voice.ready;
    assert.deepEqual(
      played().map(([prompt]) => prompt),
      ["muted", "connection-lost"],
    );
  });

  it("knows when it will have said everything", async function () {
    if (!existsSync(voiceFolder)) this.skip();
    const speaking = new Voice({ engine, clock: { nowMs: () => nowMs }, language: "en", logger });
    speaking.begin();
    await speaking.ready;
    assert.equal(speaking.quietInMs(), 0);
    speaking.say("muted");
    const one = speaking.quietInMs();
    assert.ok(one > 500 && one < 2000, `${one} ms`);
    nowMs += 100;
    speaking.say("shutting-down");
    assert.ok(speaking.quietInMs() > one - 100 + 2000, `${speaking.quietInMs()} ms`);
    nowMs += 60_000;
    assert.equal(speaking.quietInMs(), 0);
  });

  it("loads when it is told that there is time, not before", async () => {
    const early = new Voice({ engine, clock: { nowMs: () => nowMs }, language: "en", logger, folder });
    await voice.ready;
    const handed = () => engine.calls.filter(({ call }) => call === "setPrompts").length;
    assert.equal(await Promise.race([early.ready.then(() => "loaded"), sleep(500, "waits")]), "waits");
    assert.equal(handed(), 1);
    early.begin();
    await early.ready;
    assert.equal(handed(), 2);
  });

  it("leaves an engine alone that is about to be closed", async () => {
    voice.say("connected");
    voice.close();
    await voice.ready;
    assert.deepEqual([engine.calls, warnings], [[], []]);
  });
});
