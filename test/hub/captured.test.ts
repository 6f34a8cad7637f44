// Real servers, as captured: what our hub says to the same client is what they said, in the same order.

import assert from "node:assert/strict";
import {
  decodeMessage,
  encodeMessage,
  isConnectionless,
  type Message,
  messageId,
  parseEnvelope,
  sealEnvelope,
} from "../../src/protocol/index.js";
import { type Vector, vectors } from "../protocol/vectors.js";
import { Rig, type RigOptions } from "./rig.js";

const ackn = messageId("ACKN");
const client = { address: "127.0.0.1", port: 22217 };

/** What our hub says beyond an older server; the played client acknowledges it at once. */
type Extra = ReadonlySet<Message["kind"]>;

/**
 * Plays the client's part of a capture. Acknowledges are made anew where counters differ, because we say more. Depths of
 * the jitter buffer come from the mixer, as the captured server's did.
 */
class Replay {
  readonly rig: Rig;
  readonly #extra: Extra;
  #knocked = false;
  #seen = 0;

  constructor(options: RigOptions, extra: Extra) {
    this.rig = new Rig({ countsUp: true, ...options });
    this.#extra = extra;
  }

  play(capture: readonly (Vector & { t?: number })[], before: (line: Vector) => void = () => {}): void {
    const startedAtMs = this.rig.clock.nowMs();
    for (const line of capture) {
      this.rig.clock.advance(Math.max(0, startedAtMs + 1000 * (line.t ?? 0) - this.rig.clock.nowMs()));
      before(line);
      if (line.dir === "c2s") this.#fromClient(line);
      else if (line.dir === "s2c" && line.id === messageId("JITT_BUF_SIZE"))
        this.rig.mixer.jitter(0, depthOf(line));
      this.#acknowledgeExtra();
    }
  }

  #fromClient({ id, datagram }: Vector): void {
    // What comes before the first audio those servers did not hear; ours does.
    if (id !== undefined && !this.#knocked) return;
    if (id === ackn && this.#extra.size > 0) {
      this.#acknowledge(acknowledgedId(datagram));
      return;
    }
    this.rig.mixer.arrive(client, datagram);
    // A second packet opens our door.
    if (id === undefined && !this.#knocked) {
      this.#knocked = true;
      this.rig.mixer.arrive(client, datagram);
    }
  }

  #acknowledge(id: number): void {
    const sent = this.rig.sentTo(client).findLast(({ message }) => messageId(message.kind) === id);
    assert(sent, `message ${id} was sent before it was acknowledged`);
    const acknowledge = encodeMessage({ kind: "ACKN", id });
    this.rig.mixer.arrive(client, sealEnvelope(ackn, sent.counter, acknowledge.body));
  }

  #acknowledgeExtra(): void {
    const sent = this.rig.sentTo(client);
    while (this.#seen < sent.length) {
      const { message } = sent[this.#seen]!;
      this.#seen += 1;
      if (this.#extra.has(message.kind)) this.#acknowledge(messageId(message.kind));
    }
  }
}

function depthOf({ datagram }: Vector): number {
  const message = decode(datagram);
  return message.kind === "JITT_BUF_SIZE" ? message.blocks : Number.NaN;
}

function acknowledgedId(datagram: Uint8Array): number {
  const message = decode(datagram);
  return message.kind === "ACKN" ? message.id : Number.NaN;
}

function decode(datagram: Uint8Array): Message {
  const envelope = parseEnvelope(datagram);
  assert(envelope.ok);
  const decoded = decodeMessage(envelope.id, envelope.body);
  assert(decoded.ok);
  return decoded.message;
}

const timed: ReadonlySet<Message["kind"]> = new Set<Message["kind"]>(["CLM_CHANNEL_LEVEL_LIST"]);

/** All that was said, in its order, our own version left out; levels come by the clock and are not compared. */
function said(datagrams: readonly Uint8Array[], without: Extra = new Set()): Message[] {
  return datagrams
    .map(decode)
    .filter(({ kind }) => !timed.has(kind) && !without.has(kind))
    .map((message) => (message.kind === "VERSION_AND_OS" ? { ...message, version: "" } : message));
}

function captured(capture: readonly Vector[]): Uint8Array[] {
  return capture.filter(({ dir, id }) => dir === "s2c" && id !== undefined).map(({ datagram }) => datagram);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const raw: Extra = new Set<Message["kind"]>(["RAWAUDIO_SUPPORTED"]);

describe("a hub with a captured client", () => {
  it("says what a 3.9.1 server said to its headless client", () => {
    const capture = vectors("session-connect-headless-3.9.1");
    const replay = new Replay(
      {
        settings: { welcome: 'Welcome to <b>Lab</b> & have "fun"', licence: true, record: true },
        records: true,
      },
      raw,
    );
    replay.play(capture);
    assert.deepEqual(
      said(
        replay.rig.sentTo(client).map(({ datagram }) => datagram),
        raw,
      ),
      said(captured(capture)),
    );
    assert.deepEqual(replay.rig.orders.slice(0, 3), [
      'addClient 0 {"address":"127.0.0.1","port":22217}',
      'setFormat 0 {"blockFrames":128,"channels":1,"blockBytes":45,"blocksPerPacket":1,"sequenced":false}',
      'setFormat 0 {"blockFrames":128,"channels":1,"blockBytes":45,"blocksPerPacket":1,"sequenced":false}',
    ]);
    assert.ok(replay.rig.orders.includes("admitToMix 0"));
  });

  it("says, byte for byte, what the newest server said to the newest client", () => {
    const capture = vectors("session-connect-3.12.4dev");
    const long = decode(captured(capture).find((datagram) => decode(datagram).kind === "CHAT_TEXT")!);
    assert(long.kind === "CHAT_TEXT");
    const welcome = long.text.replace("<b>Server Welcome Message:</b> ", "");
    const replay = new Replay(
      { settings: { welcome, licence: true, record: true }, records: true },
      new Set(),
    );
    replay.play(capture);
    const ours = replay.rig.sentTo(client).filter(({ message }) => !timed.has(message.kind));
    const theirs = captured(capture).filter((datagram) => !timed.has(decode(datagram).kind));
    const version = (datagram: Uint8Array) => decode(datagram).kind === "VERSION_AND_OS";
    assert.deepEqual(
      ours.filter(({ datagram }) => !version(datagram)).map(({ datagram }) => hex(datagram)),
      theirs.filter((datagram) => !version(datagram)).map(hex),
    );
    assert.equal(
      ours.findIndex(({ datagram }) => version(datagram)),
      theirs.findIndex(version),
    );
    assert.ok(
      replay.rig.orders.some((order) => order.includes('"blockBytes":512') && order.includes("true")),
    );
  });

  it("takes back a client of a server that was started anew", () => {
    const capture = vectors("session-server-restart-3.9.1");
    const replay = new Replay({}, raw);
    replay.play(capture);
    assert.deepEqual(
      said(
        replay.rig.sentTo(client).map(({ datagram }) => datagram),
        raw,
      ),
      said(captured(capture)),
    );
  });

  for (const [name, extra] of [
    ["session-new-client-old-server", raw],
    // This server told no first depth of its jitter buffer.
    ["session-old-client-new-server", new Set<Message["kind"]>(["JITT_BUF_SIZE"])],
  ] as const) {
    it(`says in order what was said in ${name}`, () => {
      const capture = vectors(name);
      const replay = new Replay({}, extra);
      replay.play(capture);
      assert.deepEqual(
        said(
          replay.rig.sentTo(client).map(({ datagram }) => datagram),
          extra,
        ),
        said(captured(capture), extra),
      );
    });
  }

  it("serves a client with a window, its list of servers, and a second client", () => {
    const capture = vectors("session-gui-two-clients-3.9.1");
    const replay = new Replay({ settings: { welcome: "Hi" } }, raw);
    let bobIsHere = false;
    replay.play(capture, ({ dir, id, note }) => {
      if (bobIsHere || dir !== "s2c" || id !== messageId("CONN_CLIENTS_LIST") || !note.includes("Bob"))
        return;
      bobIsHere = true;
      const bob = replay.rig.client("Bob", 22300);
      bob.play(45).play(45);
      Object.defineProperty(bob, "profile", {
        value: {
          kind: "CHANNEL_INFOS",
          country: 206,
          instrument: 24,
          skill: 3,
          name: "Bob",
          city: "Genève",
        },
      });
      bob.attend();
    });
    const ours = replay.rig.sentTo(client).map(({ datagram }) => datagram);
    const connected = (messages: Message[]) =>
      messages.filter(({ kind }) => !isConnectionless(messageId(kind)));
    assert.deepEqual(connected(said(ours, raw)), connected(said(captured(capture))));
    const connectionless = (messages: Message[]) =>
      messages.filter(({ kind }) => isConnectionless(messageId(kind)));
    assert.deepEqual(connectionless(said(ours, raw)), connectionless(said(captured(capture))));
    assert.deepEqual(
      replay.rig.orders.filter((order) => order.startsWith("setGain") || order.startsWith("setPan")),
      [`setGain 0 1 ${0x198a / 32768}`, `setPan 0 1 ${0x1999 / 32768}`, `setGain 0 1 ${0x1111 / 32768}`],
    );
  });
});
