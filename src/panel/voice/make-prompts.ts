// A build step: has espeak-ng speak each prompt and opusenc pack it, into dist/voice/LANGUAGE/PROMPT.opus.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prompts } from "../../core/prompt.js";
import { voiceFolder } from "./voice-folder.js";
import { type Language, languages, words } from "./words.js";

/** As espeak-ng gives it: mono, 16 bit. */
const spokenRateHz = 22050;
const wavHeaderBytes = 44;
/** A little slower than espeak-ng's 175: a sentence is said once, over music. */
const wordsPerMinute = 150;
/** Between one prompt and the next. */
const pauseFrames = 0.15 * spokenRateHz;

/** As loud as music is mixed; the peaks of speech lie some 16 dB above. */
const targetRms = 10 ** (-20 / 20);
const mostPeak = 10 ** (-1 / 20);
/** Frames below this part of the peak are pauses, and do not count. */
const pauseLevel = 0.02;

function speak(text: string, language: Language): Int16Array {
  const voice = { en: "en-us", de: "de" }[language];
  // -z: no long pause at the end.
  const wav = run("espeak-ng", ["-z", "-v", voice, "-s", `${wordsPerMinute}`, "--stdout", text]);
  const bytes = Uint8Array.from(wav.subarray(wavHeaderBytes));
  return new Int16Array(bytes.buffer);
}

/** Equally loud, whatever the sentence, with a pause after it. */
function levelled(spoken: Int16Array): Int16Array {
  const peak = spoken.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 1);
  const sounding = spoken.filter((sample) => Math.abs(sample) > pauseLevel * peak);
  const rms = Math.sqrt(sounding.reduce((sum, sample) => sum + sample ** 2, 0) / sounding.length);
  const gain = Math.min((targetRms * 32768) / rms, (mostPeak * 32768) / peak);
  const result = new Int16Array(spoken.length + pauseFrames);
  result.set(spoken.map((sample) => Math.round(sample * gain)));
  return result;
}

function encode(samples: Int16Array, path: string): void {
  // The serial number would be drawn by lot: the same words shall give the same file.
  const input = ["--raw", "--raw-rate", `${spokenRateHz}`, "--raw-chan", "1"];
  const output = ["--serial", "1", "--padding", "0", "--bitrate", "24", "--speech"];
  run("opusenc", ["--quiet", ...input, ...output, "-", path], new Uint8Array(samples.buffer));
}

function run(command: string, args: readonly string[], input: Uint8Array = new Uint8Array()): Buffer {
  const { stdout, stderr, error, status } = spawnSync(command, args, { input, maxBuffer: 2 ** 24 });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command}: exit ${status}: ${stderr}`);
  return stdout;
}

const folder = fileURLToPath(voiceFolder);
let bytes = 0;
rmSync(folder, { recursive: true, force: true });
for (const language of languages) {
  mkdirSync(join(folder, language), { recursive: true });
  for (const prompt of prompts) {
    const path = join(folder, language, `${prompt}.opus`);
    encode(levelled(speak(words[language][prompt], language)), path);
    bytes += statSync(path).size;
  }
}
console.log(`voice: ${languages.length * prompts.length} prompts, ${Math.ceil(bytes / 1000)} kB`);
