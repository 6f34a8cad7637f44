// The native mixer as the hub meets it: orders, notices, figures, failures.
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AudioFormat, Endpoint } from "../../src/audio/engine.js";
import type { MixerNotice } from "../../src/audio/mixer.js";
import { createNativeMixer, type NativeMixer } from "../../src/audio/native-mixer.js";
import { until } from "../support/until.js";

const address = "127.0.0.1";
const anyPort: Endpoint = { address, port: 0 };
/** CLIENT_ID, well formed. */
const message = Uint8Array.of(0, 0, 0x20, 0, 0, 1, 0, 0, 0xf9, 0xcc);
const raw: AudioFormat = {
  blockFrames: 64,
  channels: 1,
  blockBytes: 128,
  blocksPerPacket: 1,
  sequenced: true,
};

describe("native mixer", () => {
  const open: { close(): void }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });

  function createMixer(notices: MixerNotice[] = [], maxClients = 4): NativeMixer {
    const mixer = createNativeMixer({
      listen: anyPort,
      tickFrames: 64,
      maxClients,
      onNotice: (notice) => notices.push(notice),
    });
    open.push(mixer);
    return mixer;
  }

  async function createClient(): Promise<{ socket: Socket; endpoint: Endpoint; heard: Buffer[] }> {
    const socket = createSocket("udp4");
    const heard: Buffer[] = [];
    socket.on("message", (bytes) => heard.push(bytes));
    socket.bind(0, address);
    await once(socket, "listening");
    open.push(socket);
    return { socket, endpoint: { address, port: socket.address().port }, heard };
  }

  it("tells who knocks and what strangers say, and counts them", async () => {
    const notices: MixerNotice[] = [];
    const mixer = createMixer(notices);
    const stranger = await createClient();
    stranger.socket.send(message, mixer.port, address);
    stranger.socket.send(new Uint8Array(74), mixer.port, address);
    await until("both were told", () => notices.length === 2);
    const said = notices.find(({ kind }) => kind === "message");
    assert.ok(said?.kind === "message");
    assert.equal(said.slot, null);
    assert.deepEqual(said.from, stranger.endpoint);
    assert.deepEqual(said.bytes, message);
    assert.ok(Math.abs(said.receivedAtMs - Number(process.hrtime.bigint()) / 1e6) < 5000);
    const knock = notices.find(({ kind }) => kind === "knock");
    assert.ok(knock?.kind === "knock");
    assert.deepEqual(knock.from, stranger.endpoint);
    assert.equal(knock.bytes, 74);
    assert.equal(mixer.counters().strangers, 2);
    assert.equal(mixer.counters().strangerBytes, 84);
    assert.equal(mixer.counters().ticks, 0);
  });

  it("mixes for a client: audio back, depth, level, messages with its slot", async () => {
    const notices: MixerNotice[] = [];
    const mixer = createMixer(notices);
    const client = await createClient();
    mixer.addClient(3, client.endpoint);
    mixer.setFormat(3, raw);
    mixer.setGain(3, 3, 0.5);
    mixer.setPan(3, 3, 0.25);
    mixer.admitToMix(3);
    await until("its mix comes", () => client.heard.some(({ length }) => length === 129));
    const loud = new Uint8Array(129).fill(0x80);
    const playing = setInterval(() => {
      for (let i = 0; i < 8; i += 1) {
        loud[128] = (loud[128] ?? 0) + 1;
        client.socket.send(Uint8Array.from(loud), mixer.port, address);
      }
    }, 10);
    try {
      client.socket.send(message, mixer.port, address);
      await until(
        "its level shows",
        () => mixer.clientCounters(3).level === 9 || mixer.clientCounters(3).level === 8,
      );
      await until("its message comes", () =>
        notices.some((notice) => notice.kind === "message" && notice.slot === 3),
      );
    } finally {
      clearInterval(playing);
    }
    assert.ok(
      notices.some((notice) => notice.kind === "client.jitter" && notice.slot === 3 && notice.blocks === 6),
    );
    const counters = mixer.counters();
    assert.ok(counters.packetsReceived > 0);
    assert.ok(counters.packetsSent > 0);
    assert.ok(counters.encoded > 0);
    assert.equal(counters.sendFailures, 0);
    mixer.setJitter(3, 12);
    await until("the depth is set", () => mixer.clientCounters(3).jitterBlocks === 12);
  });

  it("says nothing of a client that is gone", async () => {
    const notices: MixerNotice[] = [];
    const mixer = createMixer(notices);
    const client = await createClient();
    mixer.addClient(0, client.endpoint);
    mixer.setFormat(0, raw);
    client.socket.send(message, mixer.port, address);
    // The main loop hears nothing before it comes round: by then the slot is another's.
    const end = Date.now() + 200;
    while (Date.now() < end) mixer.counters();
    mixer.removeClient(0);
    mixer.addClient(0, { address, port: 9 });
    client.socket.send(message, mixer.port, address);
    await until("what it says then is a stranger's", () => notices.some(({ kind }) => kind === "message"));
    for (const notice of notices) {
      assert.equal(notice.kind, "message");
      assert.ok(notice.kind === "message" && notice.slot === null);
    }
  });

  it("sends messages from its own port", async () => {
    const mixer = createMixer();
    const client = await createClient();
    const arrived = once(client.socket, "message");
    assert.equal(mixer.send(client.endpoint, message), true);
    const [bytes, from] = (await arrived) as [Buffer, { port: number }];
    assert.deepEqual(Uint8Array.from(bytes), message);
    assert.equal(from.port, mixer.port);
  });

  it("says in one sentence that a port is taken", () => {
    const { port } = createMixer();
    assert.throws(
      () =>
        createNativeMixer({ listen: { address, port }, tickFrames: 64, maxClients: 4, onNotice: () => {} }),
      {
        code: "EADDRINUSE",
        message: `The hub cannot listen on 127.0.0.1 port ${port}: Address already in use`,
      },
    );
  });

  it("refuses what makes no sense, and all orders once it is closed", () => {
    const mixer = createMixer();
    assert.throws(() => mixer.addClient(4, { address, port: 1 }), RangeError);
    assert.throws(() => mixer.setGain(0, 1, 1.01), RangeError);
    assert.throws(() => mixer.setGain(0, 1, Number.NaN), RangeError);
    assert.throws(() => mixer.setPan(0, 1, -0.1), RangeError);
    assert.throws(() => mixer.addClient(0, { address: "example.org", port: 1 }), RangeError);
    mixer.close();
    assert.throws(() => mixer.removeClient(0), /closed/);
    mixer.close();
  });

  it("takes a hall's worth of faders in one go", async () => {
    const mixer = createMixer([], 150);
    const client = await createClient();
    for (let slot = 0; slot < 20; slot += 1) mixer.addClient(slot, { address, port: 10_000 + slot });
    mixer.addClient(20, client.endpoint);
    for (let listener = 0; listener < 20; listener += 1) {
      for (let source = 0; source < 150; source += 1) mixer.setGain(listener, source, source / 150);
    }
    mixer.setFormat(20, raw);
    mixer.admitToMix(20);
    await until("orders were obeyed", () => client.heard.length > 0);
  });
});
