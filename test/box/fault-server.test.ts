// A real server that is shut down, killed, full or frozen: the box plays again within 5 s of its return, and leaves no ghost.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { Random } from "../support/random.js";
import { isLong, rounds, within } from "../support/rounds.js";
import { VirtualCard } from "../support/virtual-card.js";

const backMs = within(5_000);

/** With the server's start, which takes longer until it can be asked than until it can be joined. */
const noticedMs = 1_000;

describe("a box whose server comes and goes", function () {
  this.timeout(60_000 + rounds * 60_000);
  let card: VirtualCard;
  let server: JamulusServer;
  let box: TestBox;

  before(async () => {
    card = new VirtualCard();
    server = await startJamulusServer({ args: ["--numchannels", "1"] });
    box = await startBoxAt(server, { card });
    await box.press("connect");
    await box.plays();
  });

  after(async () => {
    await stopAllProcesses();
    card.remove();
  });

  /** What is expected of the box from the moment at which the server is there. */
  async function isBack(): Promise<void> {
    const hears = ({ connection }: Awaited<ReturnType<TestBox["status"]>>) => connection.heard;
    await box.reaches("playing", hears, backMs);
    const [client, ...ghosts] = await server.serves(["Box"]);
    const { connection } = await box.status();
    assert.deepEqual([client?.id, ghosts], [connection.clientId, []]);
  }

  it(`away before the box has joined, for a while: ${rounds} times of ${rounds}`, async () => {
    const random = new Random(8);
    for (let round = 0; round < rounds; round++) {
      await box.press("connect");
      await server.serves([]);
      await server.stop();
      await box.press("connect");
      await sleep(random.next() * (isLong ? 60_000 : 6_000));
      const { panel } = await box.reaches("at it", ({ connection }) => connection.state !== "connected");
      assert.match(panel.display[0] ?? "", /^(JOINING|WAITING)/);
      server = await startJamulusServer({ port: server.port, args: ["--numchannels", "1"] });
      await isBack();
    }
  });

  it(`killed, and there again: ${rounds} times of ${rounds}`, async () => {
    const random = new Random(9);
    for (let round = 0; round < rounds; round++) {
      await server.kill();
      await box.reaches("without sound", ({ connection }) => !connection.heard);
      // In half a minute the box gives the session up.
      await sleep(isLong && round % 10 === 0 ? 35_000 : random.next() * 1_000);
      server = await startJamulusServer({ port: server.port, args: ["--numchannels", "1"] });
      await isBack();
    }
  });

  it("frozen for a while, then full for a while", async () => {
    server.process.signal("SIGSTOP");
    await box.reaches("without sound", ({ connection }) => !connection.heard);
    server.process.signal("SIGCONT");
    await isBack();

    await box.press("connect");
    await server.serves([]);
    const other = await startBoxAt(server, { name: "Other" });
    await other.press("connect");
    await server.serves(["Other"]);
    await box.press("connect");
    const { connection } = await box.reaches("refused", (status) => status.connection.reason !== null);
    assert.equal(connection.reason, "The server is full. Trying again.");
    await sleep(isLong ? 30_000 : noticedMs);
    await other.stop();
    await isBack();
  });
});
