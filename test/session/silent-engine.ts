// An engine on a real socket that sends encoded silence and throws the server's audio away.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AudioFormat, Endpoint, EngineNotice } from "../../src/audio/engine.js";
import { systemClock } from "../../src/lib/clock.js";
import { parseEnvelope } from "../../src/protocol/index.js";
import { FakeEngine } from "../support/fake-engine.js";

const sendEveryMs = 5;
const silentAfterMs = 1000;

export class SilentEngine extends FakeEngine {
  onNotice: (notice: EngineNotice) => void = () => {};
  readonly #socket: Socket = createSocket("udp4");
  #pace: NodeJS.Timeout | undefined;
  #server: Endpoint | null = null;
  #format: AudioFormat | null = null;
  #lastAudioMs: number | null = null;
  #sequence = 0;

  constructor() {
    super(() => systemClock.nowMs());
  }

  async open(): Promise<void> {
    this.#socket.on("message", (bytes, { address, port }) => this.#received(bytes, { address, port }));
    this.#socket.bind(0, "127.0.0.1");
    await once(this.#socket, "listening");
    this.#pace = setInterval(() => this.#tick(), sendEveryMs);
  }

  override close(): void {
    clearInterval(this.#pace);
    this.#socket.close();
  }

  override join(server: Endpoint, format: AudioFormat): void {
    super.join(server, format);
    this.#server = server;
    this.#format = format;
    this.#lastAudioMs = null;
  }

  override setFormat(format: AudioFormat): void {
    super.setFormat(format);
    this.#format = format;
  }

  override leave(): void {
    super.leave();
    this.#server = null;
  }

  override send(to: Endpoint, datagram: Uint8Array): boolean {
    this.#socket.send(datagram, to.port, to.address);
    return super.send(to, datagram);
  }

  #tick(): void {
    if (this.#server !== null && this.#format !== null) {
      const block = silence(this.#format, this.#sequence++ & 255);
      this.#socket.send(block, this.#server.port, this.#server.address);
    }
    if (this.#lastAudioMs !== null && this.nowMs() - this.#lastAudioMs > silentAfterMs) {
      this.#lastAudioMs = null;
      this.onNotice({ kind: "peer.silent", atMs: this.nowMs() });
    }
  }

  #received(bytes: Uint8Array, from: Endpoint): void {
    const atMs = this.nowMs();
    if (parseEnvelope(bytes).ok) {
      this.onNotice({ kind: "message", from, bytes, receivedAtMs: atMs });
    } else if (this.#server !== null) {
      if (this.#lastAudioMs === null) this.onNotice({ kind: "peer.heard", atMs });
      this.#lastAudioMs = atMs;
    }
  }
}

/** What an encoder makes of silence (spec 3.2). */
function silence({ channels, blockBytes, sequenced }: AudioFormat, sequence: number): Uint8Array {
  const block = new Uint8Array(blockBytes + (sequenced ? 1 : 0));
  block.set([channels === 2 ? 4 : 0, 0xff, 0xfe]);
  if (sequenced) block[blockBytes] = sequence;
  return block;
}
