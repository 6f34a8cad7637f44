// One conversation with one server at a time, as the controller holds it: finds the server, asks it, joins it, leaves it.

import type { AudioEngine, Endpoint, EngineNotice } from "../audio/engine.js";
import type { Event } from "../core/event.js";
import type { Disclosure, Server } from "../core/state.js";
import type { Cancel, Clock, Scheduler } from "../lib/clock.js";
import { directoryOf, writeServerAddress } from "../lib/server-address.js";
import { connectionlessDatagram, type DropReason, Inbox } from "../protocol/index.js";
import { Conversation } from "./conversation.js";
import { DirectoryLookUp } from "./directory.js";
import {
  beginEnquiry,
  type Enquiry,
  enquiryEndMs,
  findings,
  hearAnswer,
  isOver,
  questions,
} from "./enquiry.js";
import type { Input, JitterDepth, Profile, SessionEvent, WantedTransport } from "./machine-types.js";
import { Probe } from "./probe.js";
import { asksNameService, type Resolution, resolveServer } from "./resolve.js";

export interface SessionOptions {
  readonly engine: AudioEngine;
  readonly clock: Clock & Scheduler;
  readonly profile: Profile;
  readonly transport: WantedTransport;
  /** Used at both ends: the server is told. */
  readonly jitter: JitterDepth;
  /** Lines of chat go out and come in; off, they do neither. The server's welcome comes in any case. */
  readonly chat: boolean;
  /** Latency of the sound card in ms, both directions together, with what a conversion of block sizes adds. */
  readonly cardMs: () => number;
  readonly emit: (event: Event) => void;
  /** Looks a server's address up; never rejects. */
  readonly resolve?: (address: string) => Promise<Resolution>;
}

export interface StartOptions {
  /** Ask the server about its logs and recordings and tell the answer before any audio leaves; else meanwhile. */
  readonly enquireFirst: boolean;
}

/** An enquiry under way. */
interface Asking {
  readonly peer: Endpoint;
  readonly enquiry: Enquiry;
  /** The join waits for it. */
  readonly first: boolean;
}

/** Why a datagram had no effect. */
export type Dropped = DropReason | "stranger";

/** Events are told last, when everything is done and the timer is set: whoever hears one may call in again. */
export class Session {
  readonly #options: SessionOptions;
  readonly #resolve: (address: string) => Promise<Resolution>;
  readonly #probe: Probe;
  readonly #dropped = new Map<Dropped, number>();
  readonly #news: Event[] = [];
  /** How the configuration writes the present server; where a directory knew it, its numbers. */
  #address = "";
  /** Where a directory knew a server, the last that was looked for in one. */
  #found: { readonly server: Server; readonly at: string } | null = null;
  readonly #disclosed = new Set<string>();
  /** The look-up under way; a late answer to an earlier one counts for nothing. */
  #lookUp: symbol | null = null;
  /** A directory is being asked. */
  #directory: DirectoryLookUp | null = null;
  #asking: Asking | null = null;
  /** Asked first, and to be joined at the next turn. */
  #asked: Endpoint | null = null;
  #conversation: Conversation | null = null;
  #cancelTimer: Cancel = () => {};

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#resolve = options.resolve ?? resolveServer;
    const { engine, clock } = options;
    this.#probe = new Probe({
      engine,
      clock,
      resolve: this.#resolve,
      present: () => this.peer,
      emit: (answered) =>
        options.emit({ kind: "session.probed", answered, elsewhere: this.peer !== null, atMs: this.#now() }),
    });
  }

  /**
   * Asks every now and then whether this server is there, and tells; until a start, or null. One that only a directory
   * knows is asked where it was found last.
   */
  probe(server: Server | null): void {
    const at = server && (directoryOf(server.address) === null ? server.address : this.#foundAt(server));
    if (at === null) this.#probe.stop();
    else this.#probe.start(at);
  }

  /**
   * Finds the server and joins it. Ends in `session.ended`, whatever happens. A session that is still going on is cut
   * short without an event.
   */
  start(server: Server, options: StartOptions): void {
    this.#probe.stop();
    this.#drop();
    this.#address = server.address;
    this.#disclosed.clear();
    void this.#find(server, options);
    this.#settle();
  }

  /** Says a line of chat, cut to 1600 UTF-16 code units. False: chat is off, or nobody is there to hear it. */
  say(text: string): boolean {
    if (!this.#options.chat || this.#conversation?.phase !== "connected") return false;
    this.#take({ kind: "say", text });
    return true;
  }

  /** Says goodbye; `session.ended` follows, if a session was going on. */
  leave(): void {
    this.#probe.stop();
    const approaching = this.#lookUp !== null || this.#asked !== null || this.#asking?.first === true;
    if (approaching) {
      this.#drop();
      this.#emit({ kind: "session.ended", reason: { kind: "left" } });
    }
    this.#take({ kind: "leave" });
  }

  /** News from the engine; what does not concern a session is left alone. */
  receive(notice: EngineNotice): void {
    switch (notice.kind) {
      case "message":
        this.#receive(notice.from, notice.bytes, notice.receivedAtMs);
        break;
      case "peer.heard":
      case "peer.silent":
      case "audio.started":
        this.#take({ kind: notice.kind }, notice.atMs);
        break;
      default:
    }
  }

  /** Ends without waiting and without an event; a server that was joined gets its goodbye. */
  dispose(): void {
    this.#probe.stop();
    this.#drop();
    this.#settle();
  }

  /** Where our sound goes at present; null: nowhere. */
  get peer(): Endpoint | null {
    return this.#conversation?.talk ? this.#conversation.peer : null;
  }

  /** Levels 0 to 9 of the musicians on the server, in the order of the client list; empty where none are known. */
  get levels(): readonly number[] {
    return this.#conversation?.talk?.levels ?? [];
  }

  /** How many datagrams had no effect, by reason, since the session was made. */
  get dropped(): ReadonlyMap<Dropped, number> {
    return this.#dropped;
  }

  #foundAt({ name, address }: Server): string | null {
    const found = this.#found;
    return found?.server.name === name && found.server.address === address ? found.at : null;
  }

  async #find({ name, address }: Server, { enquireFirst }: StartOptions): Promise<void> {
    const lookUp = Symbol(name);
    this.#lookUp = lookUp;
    const directory = directoryOf(address);
    if (asksNameService(directory ?? address)) this.#disclose("name-lookup", "name service");
    let resolution = await this.#resolve(directory ?? address);
    if (lookUp !== this.#lookUp) return;
    if (directory !== null && resolution.found) {
      resolution = await this.#askDirectory(directory, resolution.endpoint, name);
      if (lookUp !== this.#lookUp) return;
      if (resolution.found) this.#found = { server: { name, address }, at: this.#address };
    }
    this.#lookUp = null;
    if (!resolution.found) {
      this.#emit({ kind: "session.ended", reason: { kind: "not-found", host: resolution.host } });
    } else {
      // Asked without a join, the server must be let through first; if there is no room, its answers stay unknown.
      if (enquireFirst) this.#options.engine.admit(resolution.endpoint);
      else this.#join(resolution.endpoint);
      this.#ask(resolution.endpoint, enquireFirst);
    }
    this.#settle();
  }

  async #askDirectory(directory: string, at: Endpoint, serverName: string): Promise<Resolution> {
    const { engine, clock } = this.#options;
    this.#disclose("address", directory);
    this.#disclose("list-request", directory);
    this.#directory = new DirectoryLookUp({ engine, clock, directory: at, serverName });
    this.#settle();
    const resolution = await this.#directory.result;
    this.#directory = null;
    if (resolution.found) {
      const { address, port } = resolution.endpoint;
      this.#address = writeServerAddress(address, port);
    }
    return resolution;
  }

  #ask(peer: Endpoint, first: boolean): void {
    this.#asking = { peer, first, enquiry: beginEnquiry(this.#now()) };
    for (const question of questions) this.#options.engine.send(peer, connectionlessDatagram(question));
    this.#disclose("address");
    this.#disclose("enquiry");
  }

  #hearAnswer(asking: Asking, datagram: Uint8Array, atMs: number): void {
    // Answers are connection-less and leave no trace in an inbox, so a new one will do.
    const received = new Inbox().receive(datagram);
    // A conversation that is under way counts for itself.
    if (received.kind === "dropped" && this.#conversation === null) this.#count(received.reason);
    if (received.kind !== "message") return;
    this.#asking = { ...asking, enquiry: hearAnswer(asking.enquiry, received.message, atMs) };
    this.#concludeEnquiry();
  }

  /** Whoever hears the findings may want to leave: a join that waited for them comes at the next turn. */
  #concludeEnquiry(): void {
    if (this.#asking === null || !isOver(this.#asking.enquiry, this.#now())) return;
    const { peer, enquiry, first } = this.#asking;
    this.#asking = null;
    if (first) this.#asked = peer;
    this.#emit({ kind: "session.enquired", ...findings(enquiry) });
  }

  #join(peer: Endpoint): void {
    const { engine, clock, profile, transport, jitter, chat, cardMs } = this.#options;
    this.#conversation = new Conversation(peer, {
      engine,
      clock,
      profile,
      transport,
      jitter,
      cardMs,
      emit: (event) => {
        if (chat || event.kind !== "session.chat") this.#news.push(event);
      },
      disclosed: (what) => this.#disclose(what),
      dropped: (reason) => this.#count(reason),
    });
  }

  #receive(from: Endpoint, datagram: Uint8Array, atMs: number): void {
    if (this.#directory?.receive(from, datagram)) return;
    if (this.#probe.receive(from, datagram)) return;
    const peer = this.#conversation?.peer ?? this.#asking?.peer ?? this.#asked;
    if (peer?.address === from.address && peer.port === from.port) {
      if (this.#asking !== null) this.#hearAnswer(this.#asking, datagram, atMs);
      this.#conversation?.receive(datagram, atMs);
    } else {
      this.#count("stranger");
    }
    this.#settle();
  }

  #take(input: Input, atMs = this.#now()): void {
    this.#conversation?.take(input, atMs);
    this.#settle();
  }

  /** Leaves whatever is under way, at once. */
  #drop(): void {
    const asked = this.#asked ?? (this.#asking?.first ? this.#asking.peer : null);
    if (asked !== null) this.#options.engine.dismiss(asked);
    this.#lookUp = null;
    this.#directory?.cancel();
    this.#directory = null;
    this.#asking = null;
    this.#asked = null;
    this.#conversation?.cutShort();
    this.#conversation = null;
  }

  /** Ends every entry: forgets what is over, sets the one timer, then tells the news. */
  #settle(): void {
    if (this.#conversation?.isEnding) this.#asking = null;
    if (this.#conversation?.phase === "over") this.#conversation = null;
    this.#cancelTimer();
    const wakeAtMs = this.#wakeAtMs();
    if (Number.isFinite(wakeAtMs)) {
      const inMs = Math.max(0, wakeAtMs - this.#now());
      this.#cancelTimer = this.#options.clock.after(inMs, () => this.#tick());
    }
    for (let event = this.#news.shift(); event; event = this.#news.shift()) this.#options.emit(event);
  }

  /** Infinity: nothing is waited for. */
  #wakeAtMs(): number {
    if (this.#asked !== null) return this.#now();
    const answers = this.#asking === null ? Number.POSITIVE_INFINITY : enquiryEndMs(this.#asking.enquiry);
    return Math.min(answers, this.#conversation?.wakeAtMs() ?? Number.POSITIVE_INFINITY);
  }

  #tick(): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked !== null) this.#join(asked);
    this.#concludeEnquiry();
    this.#take({ kind: "tick" });
  }

  #disclose(what: Disclosure["what"], to = this.#address): void {
    if (this.#disclosed.has(`${what} ${to}`)) return;
    this.#disclosed.add(`${what} ${to}`);
    const disclosure = { what, to, atMs: this.#now() };
    this.#emit({ kind: "session.disclosed", disclosure });
  }

  #count(reason: Dropped): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  #emit(event: SessionEvent): void {
    this.#news.push({ ...event, atMs: this.#now() });
  }

  #now(): number {
    return this.#options.clock.nowMs();
  }
}
