// A box that plays: a virtual card that hears something, a server that sends it back, and what then comes out.

import type { VirtualCardOptions } from "../../src/audio/virtual-card.js";
import type { Status } from "../../src/core/status.js";
import type { TestBox } from "./box.js";
import { startBoxAt } from "./box-at.js";
import type { TestProcess } from "./process.js";
import { makeRealtime } from "./realtime.js";
import { StandstillWatch } from "./standstill.js";
import { patienceMs, until } from "./until.js";
import { VirtualCard } from "./virtual-card.js";

/** So much room in card and network that a machine busy with other things is not heard. */
export const roomy = ["audio.periods=6", "audio.jitter=12"];

/** The server fades newcomers in for 3 s (spec 6.3); a little more for the way there and back. */
const fadeInFrames = 3.3 * 48000;

/** What was played last may still wait in the card's buffer, whose file has heard frames only. */
const unheardFrames = 4800;

const mostTries = 8;

/** How long before a stretch is waited for the machine may have spoiled it: what is unheard at the end of one is in the next. */
const spoiledFromNs = 200_000_000n;

/** A server on loopback; its process, if it asks for no realtime priority of its own. */
export interface SoundServer {
  readonly port: number;
  readonly process?: TestProcess;
}

export class SoundingBox {
  private constructor(
    readonly card: VirtualCard,
    readonly box: TestBox,
    readonly server: SoundServer,
    /** As it was when the card ran. */
    readonly atStart: Status,
    private readonly standstills: StandstillWatch,
  ) {}

  /** The card keeps 30 s of what is played unless told otherwise. The voice is silent: what is heard is the server. */
  static async start(
    server: SoundServer,
    cardOptions: VirtualCardOptions,
    sets: readonly string[] = roomy,
  ): Promise<SoundingBox> {
    const standstills = StandstillWatch.start();
    const card = new VirtualCard({ playbackSeconds: 30, ...cardOptions });
    const box = await startBoxAt(server, { card, sets: ["panel.voice=false", ...sets] });
    const atStart = await box.reaches("on its card", ({ audio }) => audio.state === "running");
    return new SoundingBox(card, box, server, atStart, standstills);
  }

  /** Joins. Resolves with the card's frame from which on the server's mix has us at full level. */
  async join(): Promise<number> {
    await this.box.press("connect");
    await this.box.plays();
    // Its clock is a thread that lives as long as there are clients.
    if (this.server.process) makeRealtime(this.server.process);
    return this.card.currentFrame("playback") + fadeInFrames;
  }

  /** What was played from one frame up to another, interleaved, as soon as that was. */
  async hear(from: number, to: number, deadlineMs = patienceMs): Promise<Float32Array> {
    const heard = () => this.card.currentFrame("playback") > to + unheardFrames;
    await until(`frame ${to} to be played`, heard, { deadlineMs });
    return this.card.played(from, to);
  }

  /**
   * Judges one stretch of what is played after the other, the next beginning `every` frames after the one before, until
   * there is nothing wrong with one. What was wrong with the last of 8: a machine busy with other things is heard now
   * and then, whatever the box does; in how many of them the machine itself stood still is said with it.
   */
  async listen(
    {
      from,
      frames,
      every = frames,
    }: { readonly from: number; readonly frames: number; readonly every?: number },
    judge: (interleaved: Float32Array) => string[],
  ): Promise<string[]> {
    let faults: string[] = [];
    let spoiled = 0;
    for (let tried = 0; tried < mostTries; tried++) {
      const begin = from + tried * every;
      const beganNs = process.hrtime.bigint() - spoiledFromNs;
      faults = judge(await this.hear(begin, begin + frames));
      if (faults.length === 0) return [];
      if (this.standstills.since(beganNs) > 0) spoiled++;
    }
    const besides = `the machine stood still in ${spoiled} of them, and the card had ${this.xruns()} xruns`;
    return [...faults, `after ${mostTries} tries: ${besides}`];
  }

  /** Troubles that are the machine's and not the box's: how often either side of the card ran over or under. */
  xruns(): number {
    return this.card.xruns("capture") + this.card.xruns("playback");
  }

  async stop(): Promise<void> {
    await this.box.stop();
    this.card.remove();
    await this.standstills.stop();
  }
}
