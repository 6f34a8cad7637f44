// Musicians on real sockets who play raw sound, all at the same instants, and hold the conversation a server wants.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  decodeMessage,
  encodeMessage,
  type Message,
  packetBytes,
  parseEnvelope,
  sealEnvelope,
  type Transport,
  transportFor,
  transportProps,
} from "../../src/protocol/index.js";

/** Of the hub's buffer for each: a machine busy with other things keeps our timers waiting. */
const jitterBlocks = 20;
/** Half as long again as those blocks. */
const pauseMs = 40;
const turnEveryMs = 3;

/** A sample of what is played, from -32768 to 32767; `frame` counts from the ensemble's first. */
export type Score = (frame: number, channel: number) => number;

interface Musician {
  readonly socket: Socket;
  readonly format: Transport;
  readonly score: Score;
  readonly heard: Message[];
  /** Audio packets that came. */
  packets: number;
}

/** Blocks of one index leave for all within a fraction of a millisecond. */
export class Ensemble {
  readonly #musicians: Musician[] = [];
  readonly #port: number;
  #pace: NodeJS.Timeout | null = null;
  #block = 0;
  #pausesUntilMs = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** To be called before `play`. */
  async add(name: string, channels: 1 | 2, score: Score): Promise<Musician> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const format = transportFor({
      blockFrames: 64,
      channels,
      quality: "raw",
      blocksPerPacket: 1,
      sequenced: true,
    });
    const musician: Musician = { socket, format, score, heard: [], packets: 0 };
    socket.on("message", (datagram) => this.#hear(musician, name, datagram));
    this.#musicians.push(musician);
    return musician;
  }

  play(): void {
    const begunMs = performance.now();
    this.#pace = setInterval(() => {
      if (performance.now() < this.#pausesUntilMs) return;
      const due = ((performance.now() - begunMs) * 48) / 64;
      for (; this.#block < due; this.#block += 1)
        for (const musician of this.#musicians) this.#send(musician, packet(musician, this.#block));
    }, turnEveryMs);
  }

  /**
   * Sends nothing for longer than a jitter buffer holds, then all of it at once: now each musician's blocks are held for as
   * long as the others', however unevenly they came while each was joining.
   */
  async pause(): Promise<void> {
    this.#pausesUntilMs = performance.now() + pauseMs;
    await sleep(2 * pauseMs);
  }

  stop(): void {
    if (this.#pace !== null) clearInterval(this.#pace);
    for (const { socket } of this.#musicians) socket.close();
    this.#musicians.length = 0;
  }

  #hear(musician: Musician, name: string, datagram: Uint8Array): void {
    const envelope = parseEnvelope(datagram);
    if (!envelope.ok) {
      musician.packets += 1;
      return;
    }
    const decoded = decodeMessage(envelope.id, envelope.body);
    if (!decoded.ok) return;
    const { message } = decoded;
    musician.heard.push(message);
    if (message.kind === "ACKN" || message.kind.startsWith("CLM_")) return;
    this.#say(musician, { kind: "ACKN", id: envelope.id }, envelope.counter);
    if (message.kind === "REQ_NETW_TRANSPORT_PROPS") this.#say(musician, transportProps(musician.format));
    if (message.kind === "REQ_JITT_BUF_SIZE")
      this.#say(musician, { kind: "JITT_BUF_SIZE", blocks: jitterBlocks });
    if (message.kind === "REQ_CHANNEL_INFOS")
      this.#say(musician, { kind: "CHANNEL_INFOS", country: 0, instrument: 0, skill: 0, name, city: "" });
  }

  #say(musician: Musician, message: Message, counter = 0): void {
    const { id, body } = encodeMessage(message);
    this.#send(musician, sealEnvelope(id, counter, body));
  }

  #send({ socket }: Musician, datagram: Uint8Array): void {
    socket.send(datagram, this.#port, "127.0.0.1");
  }
}

function packet({ format, score }: Musician, block: number): Uint8Array {
  const bytes = new Uint8Array(packetBytes(format));
  const view = new DataView(bytes.buffer);
  for (let frame = 0; frame < format.blockFrames; ++frame)
    for (let channel = 0; channel < format.channels; ++channel)
      view.setInt16(
        2 * (frame * format.channels + channel),
        score(block * format.blockFrames + frame, channel),
        true,
      );
  bytes[bytes.length - 1] = block & 255;
  return bytes;
}
