// A sound engine without sound: writes down what it is asked, and tells the news that a test makes up.

import type {
  AudioEngine,
  AudioFormat,
  CardOptions,
  CardResult,
  ChannelMode,
  Counters,
  Endpoint,
  EngineNotice,
  Levels,
} from "../../src/audio/engine.js";
import { Inbox, type Message } from "../../src/protocol/index.js";

const noCounts: Counters = {
  periods: 0,
  xruns: 0,
  concealed: 0,
  decoded: 0,
  late: 0,
  lost: 0,
  jitterBlocks: 4,
  jitterMs: 0,
  packetsSent: 0,
  packetsReceived: 0,
  wrongSize: 0,
  strangers: 0,
  messagesDropped: 0,
  sendFailures: 0,
};

export class FakeEngine implements AudioEngine {
  readonly port = 22134;
  /** What it was asked, in order, such as "join 127.0.0.1:22124" or "muted true". */
  readonly asked: string[] = [];
  readonly sent: Message[] = [];
  /** How the next card will open. */
  cardResult: CardResult;

  constructor(
    readonly tell: (notice: EngineNotice) => void,
    cardResult: CardResult,
  ) {
    this.cardResult = cardResult;
  }

  openCard({ capture, periodFrames, periods }: CardOptions): Promise<CardResult> {
    this.asked.push(`open ${capture} ${periodFrames} x ${periods}`);
    return Promise.resolve(this.cardResult);
  }

  closeCard(): void {
    this.asked.push("close card");
  }

  join({ address, port }: Endpoint, { blockFrames, blockBytes }: AudioFormat): void {
    this.asked.push(`join ${address}:${port} with ${blockBytes} bytes for ${blockFrames} frames`);
  }

  setFormat(): void {}

  leave(): void {
    this.asked.push("leave");
  }

  admit(): boolean {
    return true;
  }

  dismiss(): void {}

  send(_to: Endpoint, bytes: Uint8Array): boolean {
    const received = new Inbox().receive(bytes);
    if (received.kind === "message") {
      this.sent.push(received.message);
      this.asked.push(`send ${received.message.kind}`);
    }
    return true;
  }

  setFarewell(): void {}

  setInputGainDb(db: number): void {
    this.asked.push(`gain ${db}`);
  }

  setMuted(muted: boolean): void {
    this.asked.push(`muted ${muted}`);
  }

  setChannelMode(mode: ChannelMode): void {
    this.asked.push(mode);
  }

  setJitter(depth: number | "auto"): void {
    this.asked.push(`jitter ${depth}`);
  }

  levels(): Levels {
    return { capture: [-120, -120], playback: [-120, -120] };
  }

  counters(): Counters {
    return noCounts;
  }

  close(): void {
    this.asked.push("close");
  }
}
