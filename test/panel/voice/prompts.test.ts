// The prompts as files: every one of them can be heard, none louder than another, decoded as opusdec decodes it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prompts } from "../../../src/core/prompt.js";
import { type Loaded, loadPrompts } from "../../../src/panel/voice/load.js";
import { voiceFolder } from "../../../src/panel/voice/voice-folder.js";
import { languages, words } from "../../../src/panel/voice/words.js";
import { decibels, peak, rms } from "../../support/analysis.js";

const rateHz = 48000;
/** How long espeak-ng takes for a letter of ours, in either language. */
const secondsPerLetter = { least: 0.04, most: 0.12 };
/** What opusdec cuts off at the end, and we do not. */
const lastPacketFrames = 960;

const folderOf = (language: string) => join(fileURLToPath(voiceFolder), language);
const load = (folder: string) => loadPrompts(folder, new AbortController().signal);
const asSound = (samples: Int16Array) => Float64Array.from(samples, (sample) => sample / 32768);

describe("voice prompts", () => {
  before(function () {
    // As set-up said, too: espeak-ng or opusenc is missing.
    if (!existsSync(folderOf("en"))) this.skip();
  });

  it("differ from each other in words", () => {
    for (const language of languages) {
      const said = Object.values(words[language]);
      assert.equal(new Set(said).size, prompts.length);
    }
  });

  for (const language of languages) {
    describe(`in ${language}`, () => {
      let loaded: Loaded;

      before(async () => {
        loaded = await load(folderOf(language));
      });

      it("are all there", () => {
        assert.deepEqual(loaded.troubles, []);
        assert.equal(loaded.samples.length, prompts.length);
      });

      it("last as long as their words take", () => {
        prompts.forEach((prompt, index) => {
          const perLetter = (loaded.samples[index]?.length ?? 0) / rateHz / words[language][prompt].length;
          assert.ok(
            perLetter > secondsPerLetter.least && perLetter < secondsPerLetter.most,
            `${prompt}: ${perLetter} s`,
          );
        });
      });

      it("are equally loud, and none is distorted", () => {
        prompts.forEach((prompt, index) => {
          const sound = asSound(loaded.samples[index] ?? new Int16Array());
          const highest = peak(sound);
          const level = decibels(rms(sound.filter((sample) => Math.abs(sample) > 0.02 * highest)));
          assert.ok(Math.abs(level + 20) < 1, `${prompt}: ${level} dB`);
          assert.ok(highest < 0.9, `${prompt}: peaks at ${highest}`);
        });
      });

      it("end with a pause, which keeps them apart", () => {
        for (const samples of loaded.samples) {
          assert.ok(peak(asSound(samples.slice(-0.1 * rateHz))) < 0.005);
        }
      });
    });
  }

  it("are decoded as opusdec decodes them, to the frame", async () => {
    const { samples } = await load(folderOf("en"));
    prompts.forEach((prompt, index) => {
      const file = join(folderOf("en"), `${prompt}.opus`);
      const { stdout } = spawnSync("opusdec", ["--quiet", "--no-dither", "--rate", "48000", file, "-"], {
        maxBuffer: 2 ** 24,
      });
      const theirs = new Int16Array(Uint8Array.from(stdout).buffer);
      const ours = samples[index] ?? new Int16Array();
      const longer = ours.length - theirs.length;
      assert.ok(
        theirs.length > 0 && longer >= 0 && longer <= lastPacketFrames,
        `${prompt}: ${longer} longer`,
      );
      const difference = theirs.map((sample, frame) => sample - (ours[frame] ?? Number.NaN));
      assert.ok(peak(asSound(difference)) < 0.001, `${prompt} differs by ${peak(asSound(difference))}`);
    });
  });

  describe("that are missing or broken", () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "plugjam-voice-"));
      for (const prompt of prompts) {
        copyFileSync(join(folderOf("en"), `${prompt}.opus`), join(folder, `${prompt}.opus`));
      }
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const file = (prompt: (typeof prompts)[number]) => join(folder, `${prompt}.opus`);

    it("are silent, each with a line that says why, and take no other with them", async () => {
      rmSync(file("left"));
      writeFileSync(file("muted"), "this is no Ogg file, though it is long enough for the header of a page");
      truncateSync(file("unmuted"), 50);
      writeFileSync(file("licence"), "");
      const { samples, troubles } = await load(folder);
      const silent = prompts.filter((_, index) => samples[index]?.length === 0);
      assert.deepEqual([...silent].sort(), ["left", "licence", "muted", "unmuted"]);
      for (const prompt of silent) {
        assert.ok(troubles.some((line) => line.startsWith(`${file(prompt)}: `)));
      }
      assert.equal(troubles.length, 4);
    });
  });
});
