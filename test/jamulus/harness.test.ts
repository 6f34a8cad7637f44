// The drivers of the real Jamulus, on their own: what other tests lean on must stand.
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type JackServer, startJack } from "../support/jack.js";
import { startJamulusClient, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";

describe("a real Jamulus server", function () {
  this.timeout(60_000);
  afterEach(stopAllProcesses);

  it("answers pings and JSON-RPC, and has no clients yet", async () => {
    const server = await startJamulusServer();
    assert.deepEqual(await server.clients(), []);
    assert.equal((await server.recorderStatus()).initialised, false);
    await server.stop();
    assert.equal(server.process.end, "exit 0");
  });

  it("that cannot start says why", async () => {
    await assert.rejects(startJamulusServer({ args: ["--no-such-option"] }), /Unknown option/);
  });

  it("comes back on the port it was killed on", async () => {
    const first = await startJamulusServer({ fastUpdate: true });
    await first.kill();
    assert.equal(first.process.end, "SIGKILL");
    const second = await startJamulusServer({ port: first.port });
    assert.equal(second.port, first.port);
  });
});

describe("two real Jamulus clients on a real server", function () {
  this.timeout(90_000);
  let jack: JackServer;
  let recordings: string;

  beforeEach(async () => {
    recordings = await mkdtemp(path.join(tmpdir(), "plugjam-recordings-"));
    jack = await startJack();
  });

  afterEach(async () => {
    await stopAllProcesses();
    await rm(recordings, { recursive: true, force: true });
  });

  it("see each other's profiles, chat, and leave without a trace", async () => {
    const server = await startJamulusServer({ welcome: "Be welcome" });
    const [anna, björn] = await Promise.all([
      startJamulusClient({
        server,
        jack,
        name: "Anna",
        city: "Zürich",
        country: 206,
        instrument: 3,
        skill: 2,
      }),
      startJamulusClient({ server, jack, name: "Björn", audioChannels: 2, smallBlocks: true }),
    ]);
    await server.serves(["Anna", "Björn"]);
    const list = await björn.sees(["Anna", "Björn"]);
    const seen = list.find(({ name }) => name === "Anna");
    assert.deepEqual(
      { city: seen?.city, country: seen?.countryId, instrument: seen?.instrumentId },
      { city: "Zürich", country: 206, instrument: 3 },
    );
    await anna.sees(["Anna", "Björn"]);

    await anna.hears("Be welcome");
    await björn.say("in A minor?");
    assert.match(await anna.hears("in A minor?"), /Björn/);

    await anna.stop();
    await björn.sees(["Björn"]);
    await server.serves(["Björn"]);
  });

  it("are recorded when the server records, and find it again after it was killed", async () => {
    const recording = { recording: recordings };
    const first = await startJamulusServer(recording);
    await startJamulusClient({ server: first, jack, name: "Anna" });
    await first.serves(["Anna"]);
    const status = await first.recorderStatus();
    assert.deepEqual([status.initialised, status.enabled], [true, true]);
    await until("a recording", async () => (await readdir(recordings)).length === 1);

    await first.kill();
    const second = await startJamulusServer({ port: first.port, ...recording });
    await second.serves(["Anna"]);
  });
});
