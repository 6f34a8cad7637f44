// Servers that are away for as long as they like, in a hundred evenings of simulated time: how soon the box is back.

import assert from "node:assert/strict";
import type { AudioFormat, Endpoint } from "../../src/audio/engine.js";
import { Controller, type Handlers } from "../../src/controller.js";
import type { Event, TimerName, Untimed } from "../../src/core/event.js";
import { initialState } from "../../src/core/state.js";
import { NamedTimers } from "../../src/lib/named-timers.js";
import {
  connectionlessDatagram,
  decodeMessage,
  encodeMessage,
  parseEnvelope,
  sealEnvelope,
} from "../../src/protocol/index.js";
import { Session } from "../../src/session/session.js";
import { FakeEngine } from "../support/fake-engine.js";
import { ManualClock } from "../support/manual-clock.js";
import { Random } from "../support/random.js";

const evenings = 100;
const backMs = 5_000;
const stepMs = 50;

/** How a server is away. */
type Fault = "killed" | "moved" | "moved in mid-session" | "no names" | "full" | "no link";
const faults: readonly Fault[] = ["killed", "moved", "moved in mid-session", "no names", "full", "no link"];

/** The audio thread, the network and the server in one: answers after 10 ms, if it can be reached. */
class FarServer extends FakeEngine {
  address = "192.0.2.1";
  /** Where its name leads. */
  known = this.address;
  fault: Fault | null = null;
  joins = 0;
  /** Where our audio goes. */
  joined = "";
  pings = 0;
  #isSending = false;

  constructor(
    private readonly clock: ManualClock,
    private readonly hear: (bytes: Uint8Array) => void,
  ) {
    super(() => clock.nowMs());
  }

  override join(server: Endpoint, format: AudioFormat): void {
    super.join(server, format);
    this.joins += 1;
    this.joined = server.address;
    this.#send(server, this.joins);
  }

  override leave(): void {
    super.leave();
    this.#isSending = false;
  }

  /** Audio, until the server has heard some. */
  #send(server: Endpoint, join: number): void {
    this.#isSending = true;
    this.#answer(server, () => {
      if (this.fault === "full") return connectionlessDatagram({ kind: "CLM_SERVER_FULL" });
      const { id, body } = encodeMessage({ kind: "CLIENT_ID", channel: 0 });
      return sealEnvelope(id, 0, body);
    });
    this.clock.after(50, () => {
      if (this.#isSending && this.joins === join && !this.#isReached(server)) this.#send(server, join);
    });
  }

  override send(to: Endpoint, bytes: Uint8Array): boolean {
    const envelope = parseEnvelope(bytes);
    const decoded = envelope.ok ? decodeMessage(envelope.id, envelope.body) : null;
    if (decoded?.ok && decoded.message.kind === "CLM_PING_MS") {
      this.pings += 1;
      this.#answer(to, () => bytes);
    }
    return true;
  }

  #answer(to: Endpoint, datagram: () => Uint8Array): void {
    this.clock.after(10, () => {
      if (this.#isReached(to)) this.hear(datagram());
    });
  }

  #isReached({ address }: Endpoint): boolean {
    return this.fault !== "killed" && this.fault !== "no link" && address === this.address;
  }
}

class Evening {
  readonly clock = new ManualClock(1_000);
  readonly far: FarServer = new FarServer(this.clock, (bytes) => {
    const from = { address: this.far.address, port: 22124 };
    this.session.receive({ kind: "message", from, bytes, receivedAtMs: this.clock.nowMs() });
  });
  readonly session = new Session({
    engine: this.far,
    clock: this.clock,
    profile: { name: "Box", instrument: 0, city: "", country: 0, skill: 0 },
    transport: { blockFrames: 64, channels: 2, quality: "high", blocksPerPacket: 1 },
    jitter: "auto",
    chat: false,
    cardMs: () => 8,
    emit: (event) => this.controller.dispatch(event),
    resolve: async () => {
      const hidden = this.far.fault === "no names" || this.far.fault === "no link";
      if (hidden) return { found: false, host: "far.example" };
      return { found: true, endpoint: { address: this.far.known, port: 22124 } };
    },
  });
  readonly controller: Controller;

  constructor() {
    const timers = new NamedTimers<TimerName>(this.clock, (timer) =>
      this.happens({ kind: "timer.fired", timer }),
    );
    const nothing = () => {};
    const handlers: Handlers = {
      "session.start": ({ server }) => this.session.start(server, { enquireFirst: false }),
      "session.probe": ({ server }) => this.session.probe(server),
      "session.leave": () => this.session.leave(),
      "session.say": nothing,
      "card.open": nothing,
      "audio.mute": nothing,
      "audio.guard": nothing,
      "audio.gain": nothing,
      "voice.say": nothing,
      "timer.set": ({ timer, inMs }) => timers.set(timer, inMs),
      "timer.clear": ({ timer }) => timers.clear(timer),
      "wanted.store": nothing,
      log: nothing,
      "box.stop": nothing,
    };
    const server = { name: "Far", address: "far.example" };
    this.controller = new Controller(initialState([server], { recording: "notify", chat: false }), handlers);
  }

  happens(event: Untimed): void {
    this.controller.dispatch({ ...event, atMs: this.clock.nowMs() } as Event);
  }

  get connected(): boolean {
    return this.controller.state.connection.kind === "connected";
  }

  hears(heard: boolean): void {
    const kind = heard ? "peer.heard" : "peer.silent";
    this.session.receive({ kind, atMs: this.clock.nowMs() });
  }

  /** Ends the session as a server that is shut down does. */
  goodbye(): void {
    const from = { address: this.far.address, port: 22124 };
    const bytes = connectionlessDatagram({ kind: "CLM_DISCONNECTION" });
    this.session.receive({ kind: "message", from, bytes, receivedAtMs: this.clock.nowMs() });
  }

  /** Lets time pass, in steps small enough for look-ups to be answered in between. */
  async pass(ms: number, enough = () => false): Promise<number> {
    const from = this.clock.nowMs();
    while (this.clock.nowMs() < from + ms && !enough()) {
      this.clock.advance(stepMs);
      await new Promise((done) => setImmediate(done));
    }
    return this.clock.nowMs() - from;
  }
}

describe("a box and a server that is away for a while", function () {
  this.timeout(60_000);

  for (const fault of faults) {
    it(`${fault}: is back within 5 s, ${evenings} times of ${evenings}, and asks little meanwhile`, async () => {
      const late: string[] = [];
      for (let seed = 1; seed <= evenings; seed++) {
        const random = new Random(seed);
        const evening = new Evening();
        const { far } = evening;
        evening.happens({ kind: "connect.asked", server: null });
        await evening.pass(1_000, () => evening.connected);
        assert.ok(evening.connected);
        evening.hears(true);

        far.fault = fault;
        if (fault === "moved in mid-session") evening.hears(false);
        else evening.goodbye();
        if (fault.startsWith("moved")) far.address = "192.0.2.2";
        const awayMs = 500 + random.next() ** 2 * 90_000;
        const { joins, pings } = far;
        await evening.pass(awayMs);
        const inSession = fault === "moved in mid-session";
        if (!inSession) assert.ok(!evening.connected);
        if (!inSession)
          assert.ok(far.pings - pings <= awayMs / 2_000 + 2, `${far.pings - pings} pings in ${awayMs} ms`);
        const mostJoins = fault === "full" ? awayMs / 2_000 + 2 : awayMs / 15_000 + 5;
        assert.ok(far.joins - joins <= mostJoins, `${far.joins - joins} joins in ${awayMs} ms`);

        far.fault = null;
        far.known = far.address;
        if (fault === "no link") evening.happens({ kind: "link.changed", link: "up" });
        const isBack = () => evening.connected && far.joined === far.address;
        const tookMs = await evening.pass(60_000, isBack);
        if (tookMs > backMs) late.push(`seed ${seed}: ${tookMs} ms after ${Math.round(awayMs)} ms`);
      }
      assert.deepEqual(late, []);
    });
  }
});
