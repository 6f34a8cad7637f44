// Real servers, as captured: what we answer is what a real client answered, byte for byte where we do as the newest one does.

import assert from "node:assert/strict";
import type { Message } from "../../src/protocol/index.js";
import type { Profile, WantedTransport } from "../../src/session/machine-types.js";
import { type Vector, vectors } from "../protocol/vectors.js";
import { isConversation, monoNormal, Rig } from "./rig.js";

const ackn = 1;

/** Plays the server's part of a capture; our own acknowledges take the place of the captured ones. */
function play(rig: Rig, capture: readonly Vector[]): void {
  let heard = false;
  for (const { dir, id, datagram } of capture) {
    if (dir !== "s2c" || id === ackn) continue;
    if (id !== undefined) rig.receive(datagram);
    else if (!heard) {
      heard = true;
      rig.notice("peer.heard");
    }
  }
}

function captured(capture: readonly Vector[], wanted: (id: number) => boolean): string[] {
  return capture
    .filter(({ dir, id }) => dir === "c2s" && id !== undefined && wanted(id))
    .map(({ datagram }) => hex(datagram));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function announced(rig: Rig): number[][] {
  return rig.sentOf("NETW_TRANSPORT_PROPS").map(({ message }) => [message.baseSize, message.flags]);
}

const bern: Profile = { name: "RawS", instrument: 3, city: "Bern", country: 206, skill: 1 };
const raw: WantedTransport = { blockFrames: 128, channels: 2, quality: "raw", blocksPerPacket: 1 };
const ourAcknowledges = (rig: Rig) =>
  rig.engine.sent.filter(({ message }) => message.kind === "ACKN").map(({ datagram }) => hex(datagram));
const ourMessages = (rig: Rig) => rig.engine.sent.filter(isConversation).map(({ datagram }) => hex(datagram));

describe("a session with a captured server", () => {
  it("answers a 3.9.1 server in order, and acknowledges byte for byte", async () => {
    const capture = vectors("session-connect-headless-3.9.1");
    const rig = new Rig();
    await rig.start();
    assert.deepEqual(rig.told, [], "nothing is told before the server spoke");
    play(rig, capture);
    assert.deepEqual(rig.told, [
      "SPLIT_MESS_SUPPORTED",
      "NETW_TRANSPORT_PROPS",
      "JITT_BUF_SIZE",
      "CHANNEL_INFOS",
      "NETW_TRANSPORT_PROPS",
      "CHANNEL_INFOS",
      "REQ_CONN_CLIENTS_LIST",
      "JITT_BUF_SIZE",
      "REQ_CHANNEL_LEVEL_LIST",
    ]);
    assert.deepEqual(announced(rig), [
      [45, 0],
      [46, 1],
    ]);
    assert.deepEqual(
      ourAcknowledges(rig),
      captured(capture, (id) => id === ackn),
    );
    const facts = rig.events
      .filter(({ kind }) => kind !== "session.disclosed")
      .map(({ atMs, ...fact }) => fact);
    assert.deepEqual(facts, [
      { kind: "session.connected", clientId: 0 },
      { kind: "session.welcome", text: 'Welcome to Lab & have "fun"' },
      { kind: "session.licence-asked" },
      { kind: "session.version", version: "3.9.1" },
      { kind: "session.recording", recording: "yes" },
      {
        kind: "session.clients",
        clients: [{ id: 0, name: "Alice", instrument: "Electric Guitar", city: "Zürich" }],
      },
      { kind: "session.heard", heard: true },
    ]);
    assert.deepEqual(rig.session.levels, [0]);
  });

  it("tells a server that was started anew what it now sends", async () => {
    const rig = new Rig();
    await rig.start();
    play(rig, vectors("session-connect-headless-3.9.1"));
    const before = { told: rig.told.length, events: rig.events.length, calls: rig.engine.calls.length };
    const capture = vectors("session-server-restart-3.9.1");
    play(rig, capture);
    assert.deepEqual(rig.told.slice(before.told), [
      "SPLIT_MESS_SUPPORTED",
      "NETW_TRANSPORT_PROPS",
      "JITT_BUF_SIZE",
      "CHANNEL_INFOS",
    ]);
    assert.deepEqual(announced(rig).at(-1), [46, 1]);
    const kinds = rig.events.slice(before.events).map(({ kind }) => kind);
    assert.equal(kinds[0], "session.connected");
    assert.deepEqual(
      rig.eventsOf("session.recording").map(({ recording }) => recording),
      ["yes", "unknown", "no"],
    );
    assert.equal(rig.eventsOf("session.version").length, 2);
    assert.equal(rig.eventsOf("session.ended").length, 0);
    const calls = rig.engine.calls.slice(before.calls).map(({ call }) => call);
    assert.ok(
      calls.every((call) => call === "send"),
      "the engine goes on as it is",
    );
    assert.deepEqual(ourAcknowledges(rig).slice(-9), captured(capture, (id) => id === ackn).slice(-9));
  });

  it("switches to raw audio where a newer server allows it", async () => {
    const capture = vectors("session-connect-3.12.4dev");
    const rig = new Rig({ profile: bern, transport: raw });
    await rig.start();
    play(rig, capture);
    assert.deepEqual(
      ourMessages(rig),
      captured(capture, (id) => id !== ackn && id < 1000),
    );
    assert.deepEqual(
      ourAcknowledges(rig),
      captured(capture, (id) => id === ackn),
    );
    const formats = rig.engine.calls.flatMap((call) => ("format" in call ? [call] : []));
    assert.deepEqual(
      formats.map(({ call, format }) => [call, format.blockBytes, format.sequenced]),
      [
        ["join", 165, false],
        ["setFormat", 512, false],
        ["setFormat", 512, true],
      ],
    );
  });

  it("stays with high quality where an older server does not offer raw audio", async () => {
    const capture = vectors("session-new-client-old-server");
    const rig = new Rig({ profile: { ...bern, instrument: 8 }, transport: raw });
    await rig.start();
    play(rig, capture);
    assert.deepEqual(
      ourMessages(rig),
      captured(capture, (id) => id !== ackn && id < 1000),
    );
    assert.deepEqual(announced(rig), [
      [165, 0],
      [166, 1],
    ]);
  });

  it("leaves a server's offer of raw audio alone when it is not wanted", async () => {
    const rig = new Rig({ transport: monoNormal });
    await rig.start();
    play(rig, vectors("session-old-client-new-server"));
    assert.deepEqual(announced(rig), [
      [45, 0],
      [46, 1],
    ]);
  });

  it("goes back to high quality when a server without raw audio takes the place of the first", async () => {
    const rig = new Rig({ profile: bern, transport: raw });
    await rig.start();
    play(rig, vectors("session-connect-3.12.4dev"));
    const before = announced(rig).length;
    const older: Message[] = [
      { kind: "CLIENT_ID", channel: 0 },
      { kind: "REQ_NETW_TRANSPORT_PROPS" },
      { kind: "VERSION_AND_OS", os: 2, version: "3.5.0" },
    ];
    for (const message of older) rig.serverSays(message);
    assert.deepEqual(announced(rig).slice(before), [
      [166, 1],
      [165, 0],
    ]);
  });
});
