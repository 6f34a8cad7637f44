// Somebody who knows what the server really said and did, watches the front of the box, hears its voice, reads its
// status, and complains where two of them differ. It knows nothing of the box's inside.

import assert from "node:assert/strict";
import type { Prompt } from "../../src/core/prompt.js";
import type { RecordingPolicy, Tristate } from "../../src/core/state.js";
import type { Status } from "../../src/core/status.js";
import type { LedPattern, PanelView } from "../../src/core/view.js";

const confirmMs = 1000;

const heardOfRecorder: Partial<Record<Prompt, Tristate>> = {
  "recording-on": "yes",
  "recording-started": "yes",
  "recording-on-muted": "yes",
  "recording-started-muted": "yes",
  "recording-off": "no",
  "recording-stopped": "no",
  "recording-unknown": "unknown",
};

const lightOfRecorder: Record<Tristate, LedPattern> = { yes: "on", no: "off", unknown: "short-flash" };

const wordsOfRecorder: Record<string, Tristate> = {
  RECORDING: "yes",
  "RECORDING ?": "unknown",
  REC: "yes",
  "It is recording": "yes",
  "The operator keeps it": "yes",
  "NOT REC": "no",
  "It is not recording": "no",
  "REC ?": "unknown",
  "Recording: unknown": "unknown",
};

export class Onlooker {
  /** Where the box's session really is. */
  phase: "none" | "approaching" | "in" | "waiting" | "leaving" = "none";
  hasCard = true;
  /** The server's sound comes in. While it does not, its last word may be old. */
  isHeard = false;
  /** What is said now, a MUTE that was let go brought about. */
  isAnswering = false;
  readonly heard: Prompt[] = [];
  readonly #policy: RecordingPolicy;
  /** The server's last word on its recorder, in this session. */
  #word: Tristate = "unknown";
  /** Who agreed to be recorded before this has not agreed to what is recorded now. */
  #anewSinceMs = Number.NaN;
  #encrypted = false;
  #muted = false;
  #guarded = false;
  #muteLetGoMs = Number.NaN;
  #wasAsked = false;
  /** What a listener believes. */
  #ear = {
    link: null as Prompt | null,
    recorder: "unknown" as Tristate,
    isFromBefore: false,
    byHand: false,
    asked: null as "recording" | "licence" | "either" | null,
    chosenAtMs: Number.NEGATIVE_INFINITY,
    isShuttingDown: false,
  };

  constructor(policy: RecordingPolicy) {
    this.#policy = policy;
  }

  approach(atMs: number): void {
    this.#anewSinceMs = atMs;
    assert.ok(this.phase === "none" || this.phase === "waiting", "two sessions at once");
    this.phase = "approaching";
    this.isHeard = false;
    this.#word = "unknown";
    this.#encrypted = false;
    this.#ear.recorder = "unknown";
  }

  answered(recorder: Tristate, atMs: number): void {
    if (this.#word === "unknown") this.told(recorder, atMs);
  }

  welcomed(): void {
    this.phase = "in";
    this.#word = "unknown";
    this.#ear.isFromBefore = true;
  }

  told(recorder: Tristate, atMs: number): void {
    this.#word = recorder;
    if (recorder === "no") this.#anewSinceMs = atMs;
  }

  leave(): void {
    this.phase = "leaving";
    // Whoever leaves knows that there is nothing left to answer.
    this.#ear.asked = null;
  }

  over(failed: boolean): void {
    this.phase = failed && this.phase !== "leaving" ? "waiting" : "none";
  }

  path(encrypted: boolean): void {
    if (this.#isGoing) this.#encrypted = encrypted;
  }

  microphone(muted: boolean): void {
    this.#muted = muted;
  }

  guard(armed: boolean): void {
    this.#guarded = armed;
  }

  /** What comes up under the finger, it does not answer. */
  mutePressed(): void {
    this.#wasAsked = this.#ear.asked !== null;
  }

  muteLetGo(atMs: number): void {
    this.#muteLetGoMs = atMs;
    this.isAnswering = this.#wasAsked;
  }

  hear(prompt: Prompt, atMs: number): void {
    this.heard.push(prompt);
    const ear = this.#ear;
    const recorder = heardOfRecorder[prompt];
    if (recorder) Object.assign(ear, { recorder, isFromBefore: false });
    switch (prompt) {
      case "connected":
        ear.link = prompt;
        break;
      case "left":
      case "connection-lost":
      case "not-connected":
      case "server-full":
      case "recording-refused":
        ear.link = prompt;
        ear.asked = null;
        if (prompt === "left" && this.phase === "waiting") this.phase = "none";
        break;
      case "next-server":
        ear.chosenAtMs = atMs;
        // With that the refusal is off the display, too.
        if (ear.link === "recording-refused" && !this.#isGoing) ear.link = "left";
        break;
      case "muted":
        // Said a second time: it is the answer to the question, and all that mutes now.
        if (ear.byHand) ear.asked = null;
        ear.byHand = true;
        break;
      case "unmuted":
        Object.assign(ear, { byHand: false, asked: null });
        break;
      case "licence":
      case "recording-on-muted":
      case "recording-started-muted":
        ear.asked = prompt === "licence" ? "licence" : "recording";
        break;
      case "still-muted":
        // After a press, it answered one question and another stands; else a hand has let go that muted too.
        if (!this.isAnswering) ear.byHand = false;
        ear.asked = "either";
        break;
      case "shutting-down":
        ear.isShuttingDown = true;
        break;
    }
  }

  look(view: PanelView, status: Status, atMs: number): void {
    const text = view.display.map((line) => line.text);
    assert.deepEqual(status.panel, { leds: view.leds, display: text });
    this.#shutdown(view, text);
    if (text[0] === "STOPPING" || text[0] === "SHUTTING DOWN") return;
    this.#place(view, status, text, atMs);
    this.#recorder(view, status, text);
    this.#sound(view, status, text);
    this.#path(status, text);
  }

  get #isGoing(): boolean {
    return this.phase === "approaching" || this.phase === "in";
  }

  #shutdown({ leds }: PanelView, text: readonly string[]): void {
    assert.equal(text[0] === "SHUTTING DOWN", this.#ear.isShuttingDown);
    if (this.#ear.isShuttingDown) assert.deepEqual([leds.link, leds.rec], ["off", "off"]);
  }

  /** Link LED, headline, status and voice on where the box is. */
  #place({ leds }: PanelView, { connection, wanted }: Status, text: readonly string[], atMs: number): void {
    const state = {
      none: "idle",
      approaching: "connecting",
      in: "connected",
      waiting: "waiting",
      leaving: "leaving",
    };
    assert.equal(connection.state, state[this.phase]);
    const sinceChoiceMs = atMs - this.#ear.chosenAtMs;
    const lights: Record<typeof this.phase, LedPattern> = {
      none: "off",
      approaching: "slow-blink",
      in: "on",
      waiting: "double-blink",
      leaving: wanted ? "slow-blink" : "off",
    };
    const light = this.hasCard ? lights[this.phase] : "fast-blink";
    // In the very instant in which the confirmation ends, either will do.
    if (Math.abs(sinceChoiceMs - confirmMs) > 1e-6 || leds.link !== "triple-blink") {
      assert.equal(leds.link, sinceChoiceMs < confirmMs ? "triple-blink" : light);
    }
    const headlines: Record<string, readonly (typeof this.phase)[]> = {
      READY: ["none"],
      REFUSED: ["none", "leaving"],
      JOINING: ["approaching"],
      WAITING: ["waiting"],
      LEAVING: ["leaving"],
      School: ["in"],
      "Jazz Club": ["in"],
    };
    const [headline = ""] = text;
    assert.ok(
      headlines[headline.split(" (")[0] ?? ""]?.includes(this.phase) ?? true,
      `${headline} ${this.phase}`,
    );
    const { link } = this.#ear;
    if (this.phase === "in") assert.equal(link, "connected");
    if (this.phase === "waiting") assert.match(link ?? "", /connection-lost|not-connected|server-full/);
    if (this.phase === "none") assert.notEqual(link, "connected");
    if (this.phase === "leaving" && !wanted) assert.match(link ?? "", /left|recording-refused/);
    assert.equal(
      link === "recording-refused" && !wanted,
      connection.reason !== null && this.phase !== "waiting",
    );
  }

  /** REC LED, display, status and voice on whether the server records. */
  #recorder({ leds }: PanelView, { privacy }: Status, text: readonly string[]): void {
    const isOld = this.phase === "in" && !this.isHeard && this.#word === "no";
    const word = !this.#isGoing ? null : isOld ? "unknown" : this.#word;
    assert.equal(privacy.recording, word ?? "unknown");
    assert.equal(leds.rec, word === null ? "off" : lightOfRecorder[word]);
    for (const line of text) {
      const shown = wordsOfRecorder[line];
      if (shown) assert.equal(shown, word, line);
      assert.doesNotMatch(line, /nobody records|no one records/i);
    }
    if (this.phase !== "in") return;
    const { recorder, isFromBefore } = this.#ear;
    if (this.#word === "unknown") assert.ok(recorder === "unknown" || (recorder === "yes" && isFromBefore));
    else assert.equal(recorder, this.#word);
  }

  /** MUTE LED, display, status, voice and the microphone itself on whether what is played leaves the box. */
  #sound({ leds }: PanelView, { muted, privacy }: Status, text: readonly string[]): void {
    const { byHand, asked } = this.#ear;
    assert.equal(muted.on, this.#muted);
    assert.equal(leds.mute !== "off", this.#muted);
    assert.equal(leds.mute === "slow-blink", asked !== null);
    assert.equal(text.includes("MUTE: agree"), asked !== null);
    assert.equal(muted.by.includes("musician"), byHand);
    const headlines = { licence: /^LICENCE$/, recording: /^RECORDING/, either: /^(LICENCE|RECORDING)/ };
    if (asked !== null) assert.match(text[0] ?? "", headlines[asked]);
    if (this.#isGoing) assert.equal(this.#muted, byHand || asked !== null);
    if (text.includes("MUTED") || text.includes("Muted")) assert.ok(this.#muted);
    const agreed = privacy.acknowledgedAtMs;
    if (agreed !== null) {
      assert.ok(agreed <= this.#muteLetGoMs, "nobody pressed MUTE");
      if (this.#isGoing) assert.ok(agreed >= this.#anewSinceMs, "that was agreed to another recording");
    }
    assert.equal(this.#guarded, this.#policy !== "notify" && agreed === null);
    if (this.#isGoing && this.#word === "yes" && this.#policy !== "notify") {
      assert.ok(this.#policy === "mute-until-ack", "on a server that records, against the musician's will");
      assert.ok(agreed !== null || this.#muted, "recorded without being asked");
    }
  }

  #path({ privacy }: Status, text: readonly string[]): void {
    const encrypted = this.#isGoing && this.#encrypted;
    assert.equal(privacy.encrypted, encrypted ? "yes" : "no");
    assert.equal(text.includes("Not encrypted"), this.#isGoing && !encrypted);
  }
}
