// Whoever is not the server may send what they like to the box's port: nothing comes of it, not even an answer.

import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { Status } from "../../src/core/status.js";
import { encodeMessage, type Message, sealEnvelope } from "../../src/protocol/index.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { Random } from "../support/random.js";
import { VirtualCard } from "../support/virtual-card.js";

const forgeries: readonly Message[] = [
  { kind: "CLM_DISCONNECTION" },
  { kind: "CLM_SERVER_FULL" },
  { kind: "CLM_PING_MS", time: 1 },
  { kind: "CLM_REQ_VERSION_AND_OS" },
  { kind: "CLM_CONN_CLIENTS_LIST", clients: [] },
  { kind: "CLIENT_ID", channel: 7 },
  { kind: "CONN_CLIENTS_LIST", clients: [] },
  { kind: "RECORDER_STATE", state: 3 },
  { kind: "LICENCE_REQUIRED", licenceType: 1 },
  { kind: "CHAT_TEXT", text: "I am the server, honestly" },
  { kind: "REQ_CHANNEL_INFOS" },
  { kind: "REQ_NETW_TRANSPORT_PROPS" },
];

/** What must stay as it is; levels, counters and the measured delay change all the time. */
function lasting({ connection, privacy, muted, panel, audio, wanted }: Status) {
  const { pingMs, delayMs, levels, ...known } = connection;
  return { known, privacy, muted, leds: panel.leds, audio: audio.state, wanted };
}

describe("a box that strangers write to", function () {
  this.timeout(60_000);
  const card = new VirtualCard();
  const strangers: Socket[] = [];
  const answers: string[] = [];
  const changes: Status[] = [];
  let sent = 0;
  let box: TestBox;
  let boxPort: number;
  let first: Status;

  async function stranger(address: string): Promise<Socket> {
    const socket = createSocket("udp4");
    socket.on("message", (_, { port }) => answers.push(`${address} heard from port ${port}`));
    socket.bind(0, address);
    await once(socket, "listening");
    strangers.push(socket);
    return socket;
  }

  function send(from: Socket, datagram: Uint8Array): Promise<void> {
    sent += 1;
    return new Promise((resolve, reject) => {
      from.send(datagram, boxPort, "127.0.0.1", (error) => (error ? reject(error) : resolve()));
    });
  }

  /**
   * Everything sent so far has been read: the box has played on for a while since. It was counted, save what the system
   * had no room for on a busy machine.
   */
  async function nothingCame(): Promise<void> {
    const { decoded } = (await box.status()).audio;
    const after = await box.reaches("playing on", ({ audio }) => audio.decoded > decoded + 300);
    for (const status of [...changes, after]) assert.deepEqual(lasting(status), lasting(first));
    assert.deepEqual(answers, []);
    assert.deepEqual(after.network.dropped, first.network.dropped);
    const counted = after.network.strangers - first.network.strangers;
    assert.ok(counted > sent / 2 && counted <= sent, `${counted} counted of ${sent}`);
  }

  before(async () => {
    const server = await startJamulusServer();
    box = await startBoxAt(server, { card });
    await box.press("connect");
    await box.plays();
    first = await box.reaches(
      "told everything",
      ({ connection, privacy }) =>
        privacy.recording === "no" &&
        connection.clients.length === 1 &&
        connection.serverVersion !== null &&
        connection.enquiry !== null,
    );
    const [served] = await server.serves(["Box"]);
    boxPort = Number(served?.address.split(":").at(-1));
    assert.ok(boxPort > 0, served?.address);
    await box.control.watch((status) => changes.push(status));
  });

  after(async () => {
    for (const socket of strangers) socket.close();
    await stopAllProcesses();
    card.remove();
  });

  it("takes no message from anybody but its server", async () => {
    for (const address of ["127.0.0.1", "127.0.0.2"]) {
      const socket = await stranger(address);
      for (const forgery of forgeries) {
        const { id, body } = encodeMessage(forgery);
        for (let counter = 0; counter < 3; counter++) await send(socket, sealEnvelope(id, counter, body));
      }
    }
    await nothingCame();
  });

  it("takes no sound from anybody but its server", async () => {
    const socket = await stranger("127.0.0.1");
    const random = new Random(11);
    for (let block = 0; block < 500; block++) {
      // As long as a packet of the server's is: 64-frame blocks, stereo, high quality, with the sequence byte.
      await send(socket, random.bytes(83));
    }
    await nothingCame();
  });

  it("shrugs off rubbish from many ports", async () => {
    const random = new Random(12);
    for (let port = 0; port < 60; port++) {
      const socket = await stranger(random.pick(["127.0.0.1", "127.0.0.3"]));
      for (let times = 0; times < 40; times++) await send(socket, random.bytes(random.below(1500)));
    }
    await nothingCame();
  });
});
