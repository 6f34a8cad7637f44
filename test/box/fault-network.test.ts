// A cable that is pulled, another address, names that lead nowhere or elsewhere: music within 5 s of the network's return.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { host, TestNetwork } from "../support/network.js";
import { stopAllProcesses } from "../support/process.js";
import { Random } from "../support/random.js";
import { isLong, rounds, within } from "../support/rounds.js";
import { VirtualCard } from "../support/virtual-card.js";

const backMs = within(5_000);

/** A server that hears no more from an address keeps its client for 30 s. */
const ghostMs = 35_000;

describe("a box and its network", function () {
  this.timeout(90_000 + rounds * 60_000);
  let network: TestNetwork;
  let server: JamulusServer;
  const card = new VirtualCard();

  before(async function () {
    const made = await TestNetwork.create();
    // Namespaces are root's.
    if (made === null) return this.skip();
    network = made;
    server = await startJamulusServer({ args: ["--enableipv6"] });
  });

  afterEach(async () => {
    await stopBoxes();
    network?.use(host(2).v4);
  });

  after(async () => {
    await stopAllProcesses();
    network?.close();
    card.remove();
  });

  const boxes: TestBox[] = [];

  async function box(at: string): Promise<TestBox> {
    const started = await startBoxAt(`${at}:${server.port}`, { card, wrap: network.wrap });
    boxes.push(started);
    await started.press("connect");
    return started;
  }

  async function stopBoxes(): Promise<void> {
    for (const each of boxes.splice(0)) await each.stop();
  }

  const isBack = (box: TestBox) => box.reaches("playing", ({ connection }) => connection.heard, backMs);
  const says = (box: TestBox, words: string) =>
    box.reaches(`saying "${words}"`, ({ connection }) => connection.reason?.startsWith(words) ?? false);

  it(`plays on when its cable was out, ${rounds} times of ${rounds}`, async () => {
    const random = new Random(10);
    const cabled = await box(network.here.v4);
    await cabled.plays();
    for (let round = 0; round < rounds; round++) {
      network.cableOut();
      const { link, panel } = await says(cabled, "No network.");
      assert.equal(link, "down");
      assert.ok(panel.display.join(" ").toLowerCase().includes("no network"), panel.display.join(" "));
      // In half a minute the box gives the session up.
      await sleep(isLong && round % 10 === 0 ? 40_000 : random.next() * 2_000);
      network.cableIn();
      await isBack(cabled);
    }
    await server.serves(["Box"]);
  });

  it(`joins when its cable is in, ${rounds} times of ${rounds}`, async () => {
    const random = new Random(11);
    for (let round = 0; round < rounds; round++) {
      network.cableOut();
      const cabled = await box(network.here.v4);
      const { connection } = await cabled.reaches(
        "waiting",
        (status) => status.connection.state === "waiting",
      );
      assert.equal(connection.reason, "No network. Check the cable or the Wi-Fi.");
      await sleep(random.next() * (isLong ? 60_000 : 2_000));
      network.cableIn();
      await isBack(cabled);
      await stopBoxes();
    }
  });

  it("plays where there is IPv6 alone", async () => {
    network.use(host(2).v6);
    network.names.set("six.example", network.here.v6);
    const named = await box("six.example");
    await named.plays();
    await server.serves(["Box"]);
  });

  it("plays on from another address", async () => {
    const moving = await box(network.here.v4);
    await moving.plays();
    network.use(host(77).v4);
    network.loses(host(2).v4);
    await sleep(1_500);
    await isBack(moving);
    const clients = await server.clients();
    assert.ok(clients.some(({ address }) => address.startsWith(host(77).v4)));
    if (!isLong) return;
    await moving.reaches("alone", ({ connection }) => connection.clients.length === 1, ghostMs);
  });

  it("joins when names can be looked up, after a boot without", async () => {
    network.names.set("jam.example", network.here.v4);
    network.answers = false;
    const named = await box("jam.example");
    await says(named, "No address found for jam.example.");
    await sleep(isLong ? 60_000 : 2_000);
    network.answers = true;
    await isBack(named);
  });

  it("follows a server that moves in mid-session, as soon as its name leads there", async () => {
    network.names.set("jam.example", network.here.v4);
    const old = server;
    const from = network.here.v4;
    server = await startJamulusServer({ host: from, args: ["--serverbindip", from] });
    const following = await box("jam.example");
    await following.plays();
    await server.kill();
    const { port } = server;
    network.also(host(3).v4);
    const to = host(3).v4;
    server = await startJamulusServer({ port, host: to, args: ["--serverbindip", to] });
    await following.reaches("without sound", ({ connection }) => !connection.heard);
    await sleep(2_000);
    network.names.set("jam.example", to);
    await isBack(following);
    await server.serves(["Box"]);
    await stopBoxes();
    await server.serves([]);
    server = old;
  });
});
