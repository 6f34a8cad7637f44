// A box that plays: a virtual card that hears something, a server that sends it back, and what then comes out.

import type { VirtualCardOptions } from "../../src/audio/virtual-card.js";
import type { Status } from "../../src/core/status.js";
import type { TestBox } from "./box.js";
import { startBoxAt } from "./box-at.js";
import { until } from "./until.js";
import { VirtualCard } from "./virtual-card.js";

/** So much room in card and network that a machine busy with other things is not heard. */
export const roomy = ["audio.periods=6", "audio.jitter=12"];

/** The server fades newcomers in for 3 s (spec 6.3); a little more for the way there and back. */
const fadeInFrames = 3.3 * 48000;

/** What was played last may still wait in the card's buffer, whose file has heard frames only. */
const unheardFrames = 4800;

export class SoundingBox {
  private constructor(
    readonly card: VirtualCard,
    readonly box: TestBox,
    /** As it was when the card ran. */
    readonly atStart: Status,
  ) {}

  /** The card keeps 30 s of what is played unless told otherwise. */
  static async start(
    server: { readonly port: number },
    cardOptions: VirtualCardOptions,
    sets: readonly string[] = roomy,
  ): Promise<SoundingBox> {
    const card = new VirtualCard({ playbackSeconds: 30, ...cardOptions });
    const box = await startBoxAt(server, { card, sets });
    return new SoundingBox(
      card,
      box,
      await box.reaches("on its card", ({ audio }) => audio.state === "running"),
    );
  }

  /** Joins. Resolves with the card's frame from which on the server's mix has us at full level. */
  async join(): Promise<number> {
    await this.box.press("connect");
    await this.box.plays();
    return this.card.currentFrame("playback") + fadeInFrames;
  }

  /** What was played from one frame up to another, interleaved, as soon as that was. */
  async hear(from: number, to: number): Promise<Float32Array> {
    await until(`frame ${to} to be played`, () => this.card.currentFrame("playback") > to + unheardFrames);
    return this.card.played(from, to);
  }

  /** Troubles that are the machine's and not the box's: how often either side of the card ran over or under. */
  xruns(): number {
    return this.card.xruns("capture") + this.card.xruns("playback");
  }

  async stop(): Promise<void> {
    await this.box.stop();
    this.card.remove();
  }
}
