// A mixer on a real socket that sends encoded silence to those in the mix and throws their audio away.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AudioFormat, Endpoint } from "../../src/audio/engine.js";
import type { MixerOptions } from "../../src/audio/mixer.js";
import { systemClock } from "../../src/lib/clock.js";
import { FakeMixer } from "../support/fake-mixer.js";

const sendEveryMs = 5;

/** A bound socket, for a mixer that must have its port at once. */
export async function boundSocket(port = 0): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

export class SilentMixer extends FakeMixer {
  readonly #socket: Socket;
  readonly #pace: NodeJS.Timeout;
  readonly #formats = new Map<number, AudioFormat>();
  readonly #endpoints = new Map<number, Endpoint>();
  readonly #inMix = new Set<number>();
  #sequence = 0;
  #isCut = false;
  /** Resolves when the port is free again. */
  readonly closed: Promise<unknown>;

  /** Takes the socket over. */
  constructor(options: MixerOptions, socket: Socket) {
    super({ ...options, listen: { address: "127.0.0.1", port: socket.address().port } }, () =>
      systemClock.nowMs(),
    );
    this.#socket = socket;
    this.closed = once(socket, "close");
    socket.on("message", (bytes, { address, port }) => this.arrive({ address, port }, bytes));
    this.#pace = setInterval(() => this.#tick(), sendEveryMs);
  }

  override close(): void {
    super.close();
    this.cut();
  }

  /** As a power cut does it: not another datagram leaves. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    clearInterval(this.#pace);
    // What was sent before is on its way by then.
    setImmediate(() => this.#socket.close());
  }

  override addClient(slot: number, endpoint: Endpoint): void {
    super.addClient(slot, endpoint);
    this.#endpoints.set(slot, endpoint);
  }

  override removeClient(slot: number): void {
    super.removeClient(slot);
    this.#endpoints.delete(slot);
    this.#formats.delete(slot);
    this.#inMix.delete(slot);
  }

  override setFormat(slot: number, format: AudioFormat): void {
    super.setFormat(slot, format);
    this.#formats.set(slot, format);
  }

  override admitToMix(slot: number): void {
    super.admitToMix(slot);
    this.#inMix.add(slot);
  }

  override send(to: Endpoint, datagram: Uint8Array): boolean {
    if (this.#isCut) return false;
    this.#socket.send(datagram, to.port, to.address);
    return super.send(to, datagram);
  }

  #tick(): void {
    this.tick();
    this.#sequence = (this.#sequence + 1) & 255;
    for (const slot of this.#inMix) {
      const format = this.#formats.get(slot);
      const endpoint = this.#endpoints.get(slot);
      if (format === undefined || endpoint === undefined) continue;
      this.#socket.send(silence(format, this.#sequence), endpoint.port, endpoint.address);
    }
  }
}

/** What an encoder makes of silence (spec 3.2). */
function silence(
  { channels, blockBytes, blocksPerPacket, sequenced }: AudioFormat,
  sequence: number,
): Uint8Array {
  const blockOnWire = blockBytes + (sequenced ? 1 : 0);
  const packet = new Uint8Array(blockOnWire * blocksPerPacket);
  for (let at = 0; at < packet.length; at += blockOnWire) {
    packet.set([channels === 2 ? 4 : 0, 0xff, 0xfe], at);
    if (sequenced) packet[at + blockBytes] = sequence;
  }
  return packet;
}
