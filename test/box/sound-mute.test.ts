// MUTE as the others hear it: the server's echo of us goes silent and comes back.

import assert from "node:assert/strict";
import type { Levels } from "../../src/audio/engine.js";
import { channelOf, peak } from "../support/analysis.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { SoundingBox } from "../support/sounding-box.js";
import { losses, sines, toneFaults } from "../support/test-signal.js";

/** Long enough for what is under way there and back to be played. */
const underWayFrames = 9600;
const stretchFrames = 9600;
/** Half of the least that 16 bits can say. */
const silence = 0.5 / 32768;

describe("a muted box", () => {
  let server: JamulusServer;
  let sounding: SoundingBox;
  let from: number;

  before(async function () {
    this.timeout(30_000);
    server = await startJamulusServer();
    sounding = await SoundingBox.start(server, { source: sines(440, 660) });
    from = await sounding.join();
  });
  after(async () => {
    await sounding.stop();
    await stopAllProcesses();
  });

  it("was heard before, and its meters showed it", async () => {
    assert.deepEqual(await heardAsTones(), []);
    const { levels } = (await sounding.box.status()).audio;
    assert.ok(isAt(-12, levels, "capture") && isAt(-12, levels, "playback"), JSON.stringify(levels));
  });

  it("sends silence, digital silence", async () => {
    await pressMute(true);
    const found = await sounding.listen({ from, frames: stretchFrames }, (heard) => {
      const loudest = Math.max(...[0, 1].map((channel) => peak(channelOf(heard, channel))));
      return loudest < silence ? [] : [`there still is sound, up to ${loudest}`];
    });
    assert.deepEqual(found, []);
  });

  it("shows its musician's level still, and none coming back", async () => {
    const { audio } = await sounding.box.reaches("silent", ({ audio }) =>
      audio.levels.playback.every((level) => level < -60),
    );
    assert.ok(isAt(-12, audio.levels, "capture"), JSON.stringify(audio.levels));
  });

  it("goes on being a client of the server", async () => {
    assert.equal((await server.clients()).length, 1);
    const { connection } = await sounding.box.status();
    assert.deepEqual([connection.state, connection.heard], ["connected", true]);
  });

  it("is heard as before after another press", async () => {
    await pressMute(false);
    assert.deepEqual(await heardAsTones(), []);
  });

  async function pressMute(on: boolean): Promise<void> {
    await sounding.box.press("mute");
    await sounding.box.reaches(on ? "muted" : "open", ({ muted }) => muted.on === on);
    from = sounding.card.currentFrame("playback") + underWayFrames;
  }

  function heardAsTones(): Promise<string[]> {
    return sounding.listen({ from, frames: stretchFrames }, (heard) => [
      ...toneFaults(channelOf(heard, 0), { gains: [1, 0], ...losses.high }),
      ...toneFaults(channelOf(heard, 1), { gains: [0, 1], ...losses.high }),
    ]);
  }

  function isAt(db: number, levels: Levels, side: keyof Levels): boolean {
    return levels[side].length === 2 && levels[side].every((level) => Math.abs(level - db) < 1);
  }
});
