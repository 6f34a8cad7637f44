// Says prompts into the musician's headphones, through the engine.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AudioEngine } from "../../audio/engine.js";
import { type Prompt, type PromptTopic, prompts, promptTopics, topics } from "../../core/prompt.js";
import type { Clock } from "../../lib/clock.js";
import type { Logger } from "../../lib/logger.js";
import { loadPrompts } from "./load.js";
import { voiceFolder } from "./voice-folder.js";
import type { Language } from "./words.js";

export interface VoiceOptions {
  readonly engine: Pick<AudioEngine, "setPrompts" | "playPrompt">;
  readonly clock: Clock;
  readonly language: Language;
  readonly logger: Pick<Logger, "warn">;
  /** Where the languages' folders are; dist/voice unless told otherwise. */
  readonly folder?: string;
}

const framesPerMs = 48;

/** Makes its process as soon as it is made, and loads from begin() on. A prompt that cannot be had is silent. */
export class Voice {
  readonly #engine: VoiceOptions["engine"];
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #begin: () => void = () => {};
  /** Of each prompt, in ms; null: not loaded yet. */
  #lengths: readonly number[] | null = null;
  #quietAtMs = 0;
  /** What is to be said when all is loaded: the latest of each topic, in their order. */
  readonly #waiting = new Map<PromptTopic, Prompt>();
  /** Settles when the prompts are with the engine, or it is known that they cannot be had. */
  readonly ready: Promise<void>;

  constructor({ engine, clock, language, logger, folder = fileURLToPath(voiceFolder) }: VoiceOptions) {
    this.#engine = engine;
    this.#clock = clock;
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve;
    });
    this.ready = this.#load(join(folder, language), logger, begun);
  }

  /** Now there is time to load. */
  begin(): void {
    this.#begin();
  }

  say(prompt: Prompt): void {
    const topic = promptTopics[prompt];
    if (this.#lengths) {
      const index = prompts.indexOf(prompt);
      this.#engine.playPrompt(index, topics.indexOf(topic));
      this.#quietAtMs = Math.max(this.#quietAtMs, this.#clock.nowMs()) + (this.#lengths[index] ?? 0);
    } else {
      this.#waiting.delete(topic);
      this.#waiting.set(topic, prompt);
    }
  }

  /** When everything has been said, at the latest, that was asked for until now. */
  quietInMs(): number {
    return Math.max(0, this.#quietAtMs - this.#clock.nowMs());
  }

  /** Before the engine's own close(). */
  close(): void {
    this.#closing.abort();
  }

  async #load(folder: string, logger: VoiceOptions["logger"], begun: Promise<void>): Promise<void> {
    try {
      const { samples, troubles } = await loadPrompts(folder, this.#closing.signal, begun);
      if (this.#closing.signal.aborted) return;
      if (troubles.length > 0) logger.warn(silent(troubles));
      this.#engine.setPrompts(samples);
      this.#lengths = samples.map(({ length }) => length / framesPerMs);
      for (const prompt of this.#waiting.values()) this.say(prompt);
      this.#waiting.clear();
    } catch (error) {
      if (!this.#closing.signal.aborted) logger.warn(silent([(error as Error).message]));
    }
  }
}

function silent(troubles: readonly string[]): string {
  const others = troubles.length > 1 ? `, and ${troubles.length - 1} more` : "";
  return `voice prompts are missing: ${troubles[0]}${others}; \`npm run build:voice\` makes them`;
}
