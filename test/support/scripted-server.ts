// A server that says just what a test has it say, and keeps every datagram that comes.

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  decodeMessage,
  encodeMessage,
  isConnectionless,
  type Message,
  parseEnvelope,
  sealEnvelope,
} from "../../src/protocol/index.js";

export interface Arrival {
  /** Null: no message, so it is audio. */
  readonly message: Message | null;
  readonly from: RemoteInfo;
  readonly bytes: Uint8Array;
}

export class ScriptedServer {
  readonly #socket: Socket;
  /** Of our own messages. */
  #counter = 0;
  /** All that came, in its order. */
  readonly arrivals: Arrival[] = [];
  /** What a test does when a datagram comes. Messages of a conversation are acknowledged in any case. */
  onArrival: (arrival: Arrival) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (bytes, from) => this.#hear(bytes, from));
  }

  static async start(): Promise<ScriptedServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new ScriptedServer(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Kinds of the messages that came, and "audio", in their order. */
  get heard(): string[] {
    return this.arrivals.map(({ message }) => message?.kind ?? "audio");
  }

  say(to: RemoteInfo, message: Message): void {
    const { id, body } = encodeMessage(message);
    this.send(to, sealEnvelope(id, isConnectionless(id) ? 0 : this.#counter++ & 255, body));
  }

  send(to: RemoteInfo, datagram: Uint8Array): void {
    this.#socket.send(datagram, to.port, to.address);
  }

  close(): void {
    this.#socket.close();
  }

  #hear(bytes: Uint8Array, from: RemoteInfo): void {
    const arrival = { message: this.#read(bytes, from), from, bytes };
    this.arrivals.push(arrival);
    this.onArrival(arrival);
  }

  #read(bytes: Uint8Array, from: RemoteInfo): Message | null {
    const envelope = parseEnvelope(bytes);
    if (!envelope.ok) return null;
    const decoded = decodeMessage(envelope.id, envelope.body);
    if (!decoded.ok) throw new Error(`not understood: ${decoded.reason}`);
    if (decoded.message.kind !== "ACKN" && !isConnectionless(envelope.id)) {
      const { id, body } = encodeMessage({ kind: "ACKN", id: envelope.id });
      this.send(from, sealEnvelope(id, envelope.counter, body));
    }
    return decoded.message;
  }
}
