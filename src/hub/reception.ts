// Where strangers' questions are answered: about the hub itself, and about the servers of its directory.

import type { Endpoint } from "../audio/engine.js";
import type { Clock } from "../lib/clock.js";
import {
  type ConnectionlessMessage,
  connectionlessDatagram,
  decodeMessage,
  isConnectionless,
  type Message,
  type MessageOf,
  parseEnvelope,
} from "../protocol/index.js";
import { accepted, type Directory } from "./directory.js";
import { answerTo, type Facts } from "./enquiries.js";
import type { State } from "./machine-types.js";
import type { Registrations } from "./registrations.js";
import { type StrangerCounters, Strangers } from "./strangers.js";

export interface ReceptionOptions {
  readonly clock: Clock;
  readonly facts: Facts;
  readonly state: () => State;
  /** Null: this hub is no directory. */
  readonly directory: Directory | null;
  readonly registrations: Registrations;
  /** Is this an address that the hub speaks to at all? */
  readonly serves: (address: string) => boolean;
  readonly send: (to: Endpoint, datagram: Uint8Array) => void;
  /** A message of a conversation, though its sender is no client. */
  readonly onConversation: (from: Endpoint, datagram: Uint8Array) => void;
  /** The directory's list is another one now. */
  readonly onListed: () => void;
}

export interface ReceptionCounters extends StrangerCounters {
  /** Messages of strangers that were none of ours to answer. */
  readonly ignored: number;
}

export class Reception {
  readonly #options: ReceptionOptions;
  readonly #strangers: Strangers;
  #ignored = 0;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.#strangers = new Strangers(options.clock.nowMs());
  }

  /** A message of somebody who is no client. */
  receive(from: Endpoint, datagram: Uint8Array): void {
    const envelope = parseEnvelope(datagram);
    if (!envelope.ok) {
      this.#ignore();
      return;
    }
    // A conversation that we know nothing of: whoever holds it hears nothing and begins anew (spec 1.3).
    if (!isConnectionless(envelope.id)) {
      this.#ignore();
      this.#options.onConversation(from, datagram);
      return;
    }
    if (!this.#strangers.mayAsk(from, this.#options.clock.nowMs())) return;
    const decoded = decodeMessage(envelope.id, envelope.body);
    if (decoded.ok) this.hear(from, decoded.message, datagram.length, false);
    else this.#ignore();
  }

  /** `bytes` is what it came in; `known`: somebody is there for sure, so the answer may be as large as it likes. */
  hear(from: Endpoint, message: Message, bytes: number, known: boolean): void {
    const { state, facts, directory, registrations, serves } = this.#options;
    const answer = answerTo(message, state(), facts);
    if (answer !== null) {
      this.#answer(from, [{ to: from, message: answer }], bytes, known);
      return;
    }
    switch (message.kind) {
      case "CLM_REGISTER_SERVER_RESP":
        registrations.answered(from, message.result);
        return;
      case "CLM_SEND_EMPTY_MESSAGE":
        // Only a directory that we have asked to list us may send us to somebody's door; nobody has one at port 0.
        if (message.port === 0) this.#ignore();
        else if (registrations.isDirectory(from) && serves(message.address))
          this.#answer(from, [{ to: message, message: { kind: "CLM_EMPTY_MESSAGE" } }], bytes, known);
        return;
      case "CLM_EMPTY_MESSAGE":
        directory?.heard(from);
        return;
      case "CLM_REGISTER_SERVER":
      case "CLM_REGISTER_SERVER_EX":
        if (directory !== null) this.#register(directory, from, message, bytes, known);
        return;
      case "CLM_UNREGISTER_SERVER":
        if (directory?.unregister(from)) this.#options.onListed();
        return;
      case "CLM_REQ_SERVER_LIST":
        if (directory !== null) this.#list(directory, from, bytes, known);
        return;
      default:
        this.#ignore();
    }
  }

  get counters(): ReceptionCounters {
    return { ...this.#strangers.counters, ignored: this.#ignored };
  }

  /** Entries in its largest table. */
  get size(): number {
    return this.#strangers.size;
  }

  #register(
    directory: Directory,
    from: Endpoint,
    message: MessageOf<"CLM_REGISTER_SERVER"> | MessageOf<"CLM_REGISTER_SERVER_EX">,
    bytes: number,
    known: boolean,
  ): void {
    const { port, country, maxClients, permanent, serverName, internalAddress, city } = message;
    const info = { port, country, maxClients, permanent, serverName, internalAddress, city };
    const result = directory.register(from, info, this.#options.clock.nowMs());
    this.#answer(from, [{ to: from, message: { kind: "CLM_REGISTER_SERVER_RESP", result } }], bytes, known);
    if (result === accepted) this.#options.onListed();
  }

  #list(directory: Directory, from: Endpoint, bytes: number, known: boolean): void {
    const { lists, openers } = directory.answerTo(from);
    const answers = [...openers, ...lists.map((message) => ({ to: from, message }))];
    // Each server that is asked to open its way sends the asker an empty message: that is our doing, too.
    this.#answer(from, answers, bytes, known, openers.length * emptyMessageBytes);
  }

  /** All or nothing. */
  #answer(
    asker: Endpoint,
    answers: readonly { readonly to: Endpoint; readonly message: ConnectionlessMessage }[],
    bytesIn: number,
    known: boolean,
    bytesOfOthers = 0,
  ): void {
    const datagrams = answers.map(({ to, message }) => ({ to, datagram: connectionlessDatagram(message) }));
    const bytesOut = datagrams.reduce((sum, { datagram }) => sum + datagram.length, bytesOfOthers);
    if (!known && !this.#strangers.mayAnswer(asker, bytesIn, bytesOut, this.#options.clock.nowMs())) return;
    for (const { to, datagram } of datagrams) this.#options.send(to, datagram);
  }

  #ignore(): void {
    this.#ignored += 1;
  }
}

const emptyMessageBytes = connectionlessDatagram({ kind: "CLM_EMPTY_MESSAGE" }).length;
