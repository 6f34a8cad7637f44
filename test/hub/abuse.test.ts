// What strangers can do to a hub: not much. UDP shows no true sender, so each of them may be somebody else.

import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Endpoint } from "../../src/audio/engine.js";
import type { Message } from "../../src/protocol/index.js";
import { vectors } from "../protocol/vectors.js";
import { hostileDatagram } from "../support/hostile.js";
import { Random } from "../support/random.js";
import { Rig } from "./rig.js";

const datagramsIn = (rig: Rig, to: Endpoint) =>
  rig.sentTo(to).reduce((sum, { datagram }) => sum + datagram.length, 0);

describe("hub: abuse", () => {
  it("opens the door to no stray byte, no odd size, and no single packet", () => {
    const rig = new Rig();
    const stranger = rig.client("nobody", 40000);
    for (const bytes of [1, 9, 10, 11, 43, 500, 1500, 1, 1]) stranger.play(bytes);
    stranger.play(45);
    rig.clock.advance(1001);
    stranger.play(45);
    assert.deepEqual(rig.mixer.slots, []);
    stranger.play(45);
    assert.deepEqual(rig.mixer.slots, [0]);
    assert.equal(rig.hub.status().counters.clients?.implausible, 9);
  });

  it("drops a newcomer that acknowledges nothing within two seconds", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ghost = rig.client("ghost", 40000);
    ghost.play(45).play(45);
    assert.deepEqual(rig.mixer.slots, [0, 1]);
    rig.clock.advance(1999);
    assert.deepEqual(rig.mixer.slots, [0, 1]);
    rig.clock.advance(1);
    assert.deepEqual(rig.mixer.slots, [0]);
    assert.deepEqual(anna.attend().company, ["Anna"], "nobody has heard of it");
    assert.equal(rig.hub.status().clients.length, 1);
  });

  it("believes no guessed acknowledge", () => {
    const rig = new Rig();
    const ghost = rig.client("ghost", 40000);
    ghost.alive = false;
    ghost.play(45).play(45).attend();
    const sent = rig.sentTo(ghost.endpoint).at(-1)!;
    for (let counter = 0; counter < 256; counter += 1)
      if (counter !== sent.counter) ghost.acknowledge(sent, counter);
    assert.deepEqual(rig.mixer.slots, []);
    assert.equal(rig.hub.status().counters.clients?.gone.unproven, 1);
  });

  it("counts no two messages of a conversation in a way that can be foreseen", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const counters = rig
      .sentTo(anna.endpoint)
      .filter(({ message }) => message.kind !== "ACKN" && !message.kind.startsWith("CLM_"))
      .map(({ counter }) => counter);
    const steps = new Set(counters.slice(1).map((counter, i) => (counter - counters[i]!) & 255));
    assert.ok(steps.size > counters.length / 2);
    assert.ok(!steps.has(0), "or the second would be taken for the first again");
  });

  it("sends an unproven address no more than came from there, whatever comes", () => {
    const rig = new Rig({ settings: { public: true } });
    const ghost = rig.client("ghost", 40000, "203.0.113.5");
    ghost.alive = false;
    let bytesIn = 0;
    const arrive = (count: number) => {
      bytesIn += count;
      ghost.play(count);
    };
    arrive(12);
    arrive(12);
    for (let i = 0; i < 100; i += 1) {
      const message: Message =
        i % 2 === 0 ? { kind: "SPLIT_MESS_SUPPORTED" } : { kind: "JITT_BUF_SIZE", blocks: 5 };
      bytesIn += 9 + (i % 2) * 2;
      ghost.say(message);
      rig.clock.advance(10);
      assert.ok(datagramsIn(rig, ghost.endpoint) <= bytesIn, `${i}`);
    }
    assert.ok(datagramsIn(rig, ghost.endpoint) > 100, "it is answered, though");
  });

  it("does nothing for an unproven address that others would notice, and acknowledges none of it", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ghost = rig.client("ghost", 40000);
    ghost.alive = false;
    ghost.play(45).play(45);
    ghost.say({ kind: "CHAT_TEXT", text: "boo" });
    ghost.say({ kind: "CHANNEL_GAIN", channel: 0, gain: 0 });
    ghost.say({ kind: "REQ_CONN_CLIENTS_LIST" });
    anna.attend();
    assert.deepEqual(anna.heardOf("CHAT_TEXT"), []);
    assert.deepEqual(anna.heardOf("MUTE_STATE_CHANGED"), []);
    assert.deepEqual(
      ghost.heard.map(({ kind }) => kind),
      ["CLIENT_ID"],
    );
  });

  it("answers private networks only, unless it is public", () => {
    const ping: Message = { kind: "CLM_PING_MS", time: 1 };
    const own = [
      "127.0.0.1",
      "10.1.2.3",
      "172.31.0.1",
      "192.168.1.1",
      "169.254.3.4",
      "::1",
      "fe80::2",
      "fd00::3",
    ];
    const others = ["8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1"];
    const answered = (open: boolean) => {
      const rig = new Rig({ settings: { public: open } });
      const heard = [...own, ...others].filter(
        (address) => rig.client("x", 40000, address).say(ping).heard.length > 0,
      );
      const joined = [...own, ...others].filter((address, i) => {
        const client = rig.client("x", 41000 + i, address).join();
        client.leave();
        rig.clock.advance(50);
        return client.heardOf("CLIENT_ID").length > 0;
      });
      return { heard, joined, refused: rig.hub.status().counters.refused };
    };
    assert.deepEqual(answered(false), { heard: own, joined: own, refused: 4 + 4 * 3 });
    assert.deepEqual(answered(true), { heard: [...own, ...others], joined: [...own, ...others], refused: 0 });
  });

  it("gives strangers outside no more than a small budget beyond what they ask with", () => {
    const rig = new Rig({ settings: { public: true, welcome: "w".repeat(1600) } });
    const victim = { address: "203.0.113.9", port: 22134 };
    const asks = rig.client("x", victim.port, victim.address);
    let bytesIn = 0;
    for (let i = 0; i < 10_000; i += 1) {
      asks.say({ kind: "CLM_REQ_WELCOME_MESSAGE" });
      bytesIn += 9;
      rig.clock.advance(10);
    }
    const surplus = datagramsIn(rig, victim) - bytesIn;
    assert.ok(surplus <= 16 * 1024 + 100 * 256, `${surplus} bytes in 100 s`);
    assert.ok(
      rig.hub.status().counters.strangers!.tooLarge + rig.hub.status().counters.strangers!.tooOften > 9000,
    );
  });

  it("lets a network with many addresses spend no more than a network", () => {
    const rig = new Rig({ settings: { public: true, welcome: "w".repeat(1600) } });
    for (let port = 0; port < 1000; port += 1)
      rig.client("x", 10000 + port, "203.0.113.9").say({ kind: "CLM_REQ_WELCOME_MESSAGE" });
    for (let host = 1; host < 255; host += 1)
      rig.client("x", 10000, `203.0.113.${host}`).say({ kind: "CLM_REQ_WELCOME_MESSAGE" });
    assert.ok(rig.hub.status().counters.strangers!.bytesOut <= 32 * 1024 + 1254 * 9);
    const elsewhere = rig.client("x", 10000, "198.51.100.1").say({ kind: "CLM_REQ_WELCOME_MESSAGE" });
    assert.equal(elsewhere.heard.length, 1);
  });

  it("takes in a newcomer while a thousand ports knock, and leaves those inside alone", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const before = rig.orders.length;
    const knock = (port: number) =>
      rig.mixer.arrive({ address: "10.0.0.9", port }, new Uint8Array(45).fill(1));
    const ben = rig.client("Ben", 22135);
    for (let ms = 0; ms < 4000 && ben.heard.length === 0; ms += 3) {
      for (let i = 0; i < 20; i += 1) {
        const port = 10000 + ((ms * 7 + i) % 1000);
        knock(port);
        knock(port);
      }
      if (ms > 1000) ben.play(45).attend();
      rig.clock.advance(3);
    }
    rig.clock.advance(10);
    assert.deepEqual(anna.attend().company, ["Anna", "Ben"]);
    assert.ok(!rig.orders.slice(before).includes("removeClient 0"));
    assert.ok(rig.mixer.slots.length <= 7);
    assert.ok(rig.hub.status().counters.clients!.crowded > 1000);
  });

  it("slows down a client that floods, and only that one", () => {
    const rig = new Rig();
    const anna = rig.client("Anna").join();
    const ben = rig.client("Ben", 22135).join();
    for (let i = 0; i < 1000; i += 1) ben.say({ kind: "CHAT_TEXT", text: `${i}` });
    const lines = anna.attend().heardOf("CHAT_TEXT").length;
    assert.ok(lines > 20 && lines <= 50, `${lines} lines`);
    assert.ok((rig.hub.status().counters.clients?.dropped["too-often"] ?? 0) > 900);
    rig.clock.advance(10_000);
    anna.say({ kind: "CHAT_TEXT", text: "enough" });
    assert.match(ben.attend().heardOf("CHAT_TEXT").at(-1)!.text, /enough$/);
  });

  it("stands a million hostile datagrams: four play on, memory stays, little goes out", function () {
    this.timeout(120_000);
    const rig = new Rig({ settings: { public: true, maxClients: 10, directory: true } });
    rig.mixer.knocksPerTick = 32;
    const players = ["Anna", "Ben", "Carl", "Dora"].map((name, i) => rig.client(name, 22134 + i).join());
    const theirs = new Set(players.map(({ endpoint }) => endpoint.port));
    for (const player of players) player.attend();
    rig.mixer.keepsSent = false;
    let bytesIn = 0;
    let bytesOut = 0;
    // By the last two numbers of the address, and the port.
    const balance = new Int32Array(4 * 256 * 1000);
    const count = ({ address, port }: Endpoint, bytes: number) => {
      const [, , network = 0, host = 0] = address.split(".").map(Number);
      balance[(network * 256 + host) * 1000 + (port - 30000)]! += bytes;
    };
    rig.mixer.onSend = (to, { length }) => {
      if (theirs.has(to.port)) return;
      if (!to.address.startsWith("203.0.")) return;
      bytesOut += length;
      count(to, -length);
    };
    const random = new Random(20261125);
    const seeds = vectors("")
      .map(({ datagram }) => datagram)
      .filter(({ length }) => length < 1000);
    const ordersBefore = rig.orders.length;
    const heapBefore = heapUsed();
    const startedAt = process.hrtime.bigint();
    for (let i = 0; i < 1_000_000; i += 1) {
      const from = {
        address: `203.0.${random.below(4)}.${random.below(256)}`,
        port: 30000 + random.below(1000),
      };
      const datagram = hostileDatagram(random, seeds);
      bytesIn += datagram.length;
      count(from, datagram.length);
      rig.mixer.arrive(from, datagram);
      if (i % 50 === 0) {
        rig.mixer.tick();
        rig.clock.advance(1.333);
      }
      if (i % 5000 === 0) for (const player of players) player.play();
    }
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    const grown = (heapUsed() - heapBefore) / 2 ** 20;
    const worst = balance.reduce((least, left) => Math.min(least, left), 0);
    const told = `${seconds.toFixed(1)} s, ${bytesIn} bytes in, ${bytesOut} out, at worst ${-worst} more to one, heap +${grown.toFixed(1)} MiB`;
    assert.ok(bytesOut <= bytesIn, told);
    assert.ok(-worst <= 16 * 1024 + 64 * 256, told);
    assert.ok(rig.hub.tableSize <= 4096, `${rig.hub.tableSize} entries`);
    assert.ok(grown < 20, told);
    const orders = rig.orders.slice(ordersBefore);
    for (const slot of [0, 1, 2, 3]) assert.ok(!orders.includes(`removeClient ${slot}`), `player ${slot}`);
    rig.mixer.keepsSent = true;
    players[0]!.say({ kind: "CHAT_TEXT", text: "still here" });
    assert.match(players[3]!.attend().heardOf("CHAT_TEXT").at(-1)!.text, /still here$/);
    if (process.env.PLUGJAM_FIGURES) console.log(`      ${told}`);
  });
});

/** What is left when all garbage is gone. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
