// Sessions with Debian's Jamulus server over a real socket, without sound.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Event } from "../../src/core/event.js";
import { systemClock } from "../../src/lib/clock.js";
import { Session } from "../../src/session/session.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { until } from "../support/until.js";
import { alice, monoNormal } from "./rig.js";
import { SilentEngine } from "./silent-engine.js";

describe("a session with Debian's Jamulus server", () => {
  let server: JamulusServer;
  let engine: SilentEngine;
  let session: Session;
  let events: Event[];
  /** How far the session's clock is ahead of the world's. */
  let aheadMs: number;

  function makeSession(): void {
    events = [];
    session = new Session({
      engine,
      clock: { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs },
      profile: alice,
      transport: monoNormal,
      jitter: "auto",
      chat: true,
      cardMs: () => 8,
      emit: (event) => events.push(event),
    });
    engine.onNotice = (notice) => session.receive(notice);
  }

  async function heard<K extends Event["kind"]>(
    kind: K,
    isIt: (event: Extract<Event, { kind: K }>) => boolean = () => true,
  ): Promise<Extract<Event, { kind: K }>> {
    return until(`a session to tell ${kind}`, async () => {
      const found = events.find(
        (event): event is Extract<Event, { kind: K }> =>
          event.kind === kind && isIt(event as Extract<Event, { kind: K }>),
      );
      return found ?? false;
    });
  }

  const start = (enquireFirst = false) =>
    session.start({ name: "Lab", address: `127.0.0.1:${server.port}` }, { enquireFirst });

  beforeEach(async () => {
    engine = new SilentEngine();
    await engine.open();
    aheadMs = 0;
    makeSession();
  });

  afterEach(async () => {
    session.dispose();
    engine.close();
    await server.stop();
  });

  it("comes in, hears the server, talks and leaves no ghost behind", async () => {
    server = await startJamulusServer({ welcome: "Be kind & listen", licence: true });
    start();
    assert.equal((await heard("session.connected")).clientId, 0);
    await heard("session.heard");
    assert.equal((await heard("session.version")).version, "3.9.1");
    assert.equal((await heard("session.welcome")).text, "Be kind & listen");
    assert.equal((await heard("session.recording")).recording, "no");
    await heard("session.licence-asked");
    const own = { id: 0, name: "Alice", instrument: "Electric Guitar", city: "Zürich" };
    assert.deepEqual((await heard("session.clients", ({ clients }) => clients.length > 0)).clients, [own]);
    assert.ok((await heard("session.delay")).pingMs < 200);
    await server.serves(["Alice"]);

    session.say("Grüezi <b>all</b> & 🎻");
    const { text } = await heard("session.chat");
    assert.equal(text, "Alice: Grüezi <b>all</b> & 🎻");
    const long = "long ".repeat(300).trim();
    session.say(long);
    await heard("session.chat", (chat) => chat.text === `Alice: ${long}`);

    session.leave();
    assert.equal((await heard("session.ended")).reason.kind, "left");
    await server.serves([]);
    assert.equal(session.dropped.size, 0);
  });

  it("hears that it is recorded, and an old server's silence as unknown", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "plugjam-recording-"));
    server = await startJamulusServer({ recording: folder });
    start(true);
    const enquired = await heard("session.enquired");
    assert.deepEqual([enquired.serverMayRecord, enquired.recording], ["unknown", "unknown"]);
    assert.deepEqual([enquired.answers.version, enquired.answers.clients], ["3.9.1", 0]);
    assert.equal((await heard("session.recording")).recording, "yes");
    session.leave();
    await heard("session.ended");
    // It may still be writing.
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it("plays on with a server that was killed and started again", async () => {
    server = await startJamulusServer();
    start();
    await heard("session.heard", (event) => event.heard);
    await server.kill();
    await heard("session.heard", (event) => !event.heard);
    events.length = 0;
    server = await startJamulusServer({ port: server.port });
    await heard("session.connected");
    await heard("session.heard", (event) => event.heard);
    await server.serves(["Alice"]);
    assert.equal(events.filter(({ kind }) => kind === "session.ended").length, 0);
  });

  it("comes back as a newcomer to a server that has not noticed that it was gone, and hears what it records", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "plugjam-recordings-"));
    server = await startJamulusServer({ recording: folder });
    start();
    await heard("session.version");
    await heard("session.heard");
    // The box loses its mind without a word: same socket, new session.
    engine.leave();
    const lost = session;
    makeSession();
    start();
    assert.equal((await heard("session.connected")).clientId, 0);
    await heard("session.version");
    await heard("session.recording", ({ recording }) => recording === "yes");
    await heard("session.clients", ({ clients }) => clients[0]?.name === "Alice");
    assert.equal((await server.clients()).length, 1);
    session.leave();
    await heard("session.ended");
    await server.serves([]);
    lost.dispose();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it("is given a block more than the server would take, each time it has said what that is", async () => {
    server = await startJamulusServer();
    start();
    await heard("session.version");
    await heard("session.delay");
    const asked = () =>
      engine.sent.flatMap(({ message }) => (message.kind === "JITT_BUF_SIZE" ? [message.blocks] : []));
    const begun = asked().length;
    const isGiven = async () => {
      const [client] = await server.clients();
      return client?.jitterBufferSize === asked().at(-1);
    };
    for (const sent of [1, 3, 5]) {
      // The first time it is known already; from then on it has to be asked.
      aheadMs += 10_000;
      await until("a block more to be asked for", async () => asked().length === begun + sent);
      await until("the server to give it", isGiven);
    }
    const blocks = asked().slice(begun);
    assert.deepEqual([blocks[1], blocks[3]], [21, 21]);
    for (const each of [blocks[0]!, blocks[2]!, blocks[4]!])
      assert.ok(each >= 3 && each <= 12, String(blocks));
  });

  it("hears that the server is full", async () => {
    server = await startJamulusServer({ args: ["--numchannels", "1"] });
    const first = new SilentEngine();
    await first.open();
    first.join(
      { address: "127.0.0.1", port: server.port },
      { blockFrames: 128, channels: 1, blockBytes: 45, blocksPerPacket: 1, sequenced: false },
    );
    await until("the slot to be taken", async () => (await server.clients()).length === 1);
    start();
    assert.equal((await heard("session.ended")).reason.kind, "full");
    first.close();
  });

  it("hears that the server closes", async () => {
    server = await startJamulusServer({ args: ["--discononquit"] });
    start();
    await heard("session.heard");
    await server.stop();
    assert.equal((await heard("session.ended")).reason.kind, "closed-by-server");
  });
});
