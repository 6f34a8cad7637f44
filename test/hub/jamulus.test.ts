// A hub with Debian's Jamulus clients, servers and directory over real sockets, without sound.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import type { Endpoint } from "../../src/audio/engine.js";
import { Hub, type HubSettings } from "../../src/hub/hub.js";
import { systemClock } from "../../src/lib/clock.js";
import {
  connectionlessDatagram,
  decodeMessage,
  type Message,
  parseEnvelope,
} from "../../src/protocol/index.js";
import { type JackServer, startJack } from "../support/jack.js";
import { startJamulusClient, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";
import { FakeRecorder, settings, stateFolder } from "./rig.js";
import { boundSocket, SilentMixer } from "./silent-mixer.js";

const silentLog = { info() {}, warn() {}, error() {} };

describe("a hub with Debian's Jamulus", () => {
  let jack: JackServer;
  let hub: Hub;
  let mixer: SilentMixer;
  let recorder: FakeRecorder;
  const port = () => hub.status().port!;

  async function startHub(changed: Partial<HubSettings> = {}, at = 0, directory: Endpoint | null = null) {
    const socket = await boundSocket(at);
    recorder = new FakeRecorder();
    hub = new Hub({
      settings: { ...settings, ...changed },
      createMixer: (options) => {
        mixer = new SilentMixer(options, socket);
        return mixer;
      },
      createRecorder: (_mixer, onNotice) => {
        recorder.onNotice = onNotice;
        return recorder;
      },
      clock: systemClock,
      logger: silentLog as never,
      stateFolder: stateFolder(),
      resolve: async () => directory,
    });
    assert.equal(hub.start(), null);
  }

  const names = () => hub.status().clients.map(({ name }) => name);
  const serves = (...wanted: string[]) =>
    until(`the hub to serve ${wanted}`, () => names().join() === wanted.join());

  before(async () => {
    jack = await startJack();
  });

  afterEach(() => hub.stop("for-good"));

  after(stopAllProcesses);

  it("lets two clients in, see each other, chat and hear that they are recorded", async function () {
    this.timeout(60_000);
    await startHub({ welcome: "Be kind" });
    const anna = await startJamulusClient({ server: { port: port() }, jack, name: "Anna", instrument: 8 });
    await serves("Anna");
    const ben = await startJamulusClient({
      server: { port: port() },
      jack,
      name: "Ben",
      audioChannels: 2,
      audioQuality: 2,
      smallBlocks: true,
    });
    await anna.sees(["Anna", "Ben"]);
    await ben.sees(["Anna", "Ben"]);
    await anna.hears("Server Welcome Message:</b> Be kind");
    await ben.say('<i>"hi" & bye');
    assert.match(
      await anna.hears("bye"),
      /^<font color="red">\(\d\d:\d\d:\d\d [AP]M\) <b>Ben<\/b><\/font> &lt;i&gt;&quot;hi&quot; &amp; bye$/,
    );
    mixer.setLevel(0, 5);
    await ben.rpc.notification(
      "jamulusclient/channelLevelListReceived",
      ({ channelLevelList }) => JSON.stringify(channelLevelList) === "[5,0]",
    );
    hub.record("start");
    await until("both to be told", () => recorder.calls.length === 3);
    assert.deepEqual(recorder.calls, ["start", "include 0 Anna", "include 1 Ben"]);
    const formats = hub.status().clients.map(({ format }) => format);
    assert.deepEqual(formats, [
      { blockFrames: 128, channels: 1, blockBytes: 45, blocksPerPacket: 1, raw: false },
      { blockFrames: 128, channels: 2, blockBytes: 165, blocksPerPacket: 1, raw: false },
    ]);
    assert.ok(
      mixer.orders.some((order) => order.order === "setFormat" && order.format.sequenced),
      "they number their blocks",
    );
    await ben.stop();
    await serves("Anna");
    await anna.sees(["Anna"]);
  });

  it("has its clients back after a restart", async function () {
    this.timeout(60_000);
    await startHub();
    const anna = await startJamulusClient({ server: { port: port() }, jack, name: "Anna" });
    await serves("Anna");
    const before = port();
    mixer.cut();
    await Promise.all([hub.stop("for-good"), mixer.closed]);
    await startHub({}, before);
    await serves("Anna");
    await anna.stop();
    await serves();
  });

  it("lists a Jamulus server in its directory", async function () {
    this.timeout(60_000);
    await startHub({ directory: true });
    const server = await startJamulusServer({
      args: ["--directoryserver", `127.0.0.1:${port()}`, "--serverinfo", "Room 7;Bern;206"],
    });
    await until("the server to be listed", () => hub.status().listed === 1);
    const list = await ask({ address: "127.0.0.1", port: port() }, { kind: "CLM_REQ_SERVER_LIST" });
    assert.ok(list.kind === "CLM_RED_SERVER_LIST");
    assert.deepEqual(list.servers, [
      { address: "0.0.0.0", port: 0, serverName: "School" },
      { address: "127.0.0.1", port: server.port, serverName: "Room 7" },
    ]);
    await server.stop();
    await until("the server to leave the list", () => hub.status().listed === 0);
  });

  it("is listed by a Jamulus directory", async function () {
    this.timeout(60_000);
    const directory = await startJamulusServer({
      args: ["--directoryserver", "localhost", "--serverinfo", "Lab;Basel;206"],
    });
    const endpoint = { address: "127.0.0.1", port: directory.port };
    await startHub({ registerWith: [`127.0.0.1:${directory.port}`] }, 0, endpoint);
    await until("the hub to be registered", () => hub.status().registrations[0]?.state === "registered");
    const list = await ask(endpoint, { kind: "CLM_REQ_SERVER_LIST" });
    assert.ok(list.kind === "CLM_RED_SERVER_LIST");
    assert.deepEqual(
      list.servers.map(({ serverName }) => serverName),
      ["Lab", "School"],
    );
    await hub.stop("for-good");
    const after = await until("the hub to be taken off the list", async () => {
      const now = await ask(endpoint, { kind: "CLM_REQ_SERVER_LIST" });
      return now.kind === "CLM_RED_SERVER_LIST" && now.servers.length === 1 && now;
    });
    assert.equal(after.servers[0]?.serverName, "Lab");
  });
});

/** The first thing that comes back. */
async function ask(to: Endpoint, question: Extract<Message, { kind: `CLM_${string}` }>): Promise<Message> {
  const socket = createSocket("udp4");
  try {
    const answer = new Promise<Message>((heard) => {
      socket.on("message", (datagram) => {
        const envelope = parseEnvelope(datagram);
        const decoded = envelope.ok && decodeMessage(envelope.id, envelope.body);
        if (decoded !== false && decoded.ok) heard(decoded.message);
      });
    });
    socket.send(connectionlessDatagram(question), to.port, to.address);
    return await answer;
  } finally {
    socket.close();
  }
}
