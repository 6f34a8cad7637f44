// A hub's recording: files that other programs open, the same instant at the same place in all of them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNativeMixer } from "../../src/audio/native-mixer.js";
import { createNativeRecorder } from "../../src/audio/native-recorder.js";
import { Hub } from "../../src/hub/hub.js";
import { systemClock } from "../../src/lib/clock.js";
import { settings } from "../hub/rig.js";
import { freeUdpPort } from "../support/free-port.js";
import { type JackServer, startJack } from "../support/jack.js";
import { startJamulusClient } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { Ensemble, type Score } from "../support/udp-musician.js";
import { until } from "../support/until.js";
import { readWav } from "../support/wav.js";

const blockFrames = 64;
/** An impulse every half second, at another place of its block each time. */
const impulseEvery = 24_037;
const impulse = 20_000;
const impulses: Score = (frame, channel) => (channel === 0 && frame % impulseEvery === 0 ? impulse : 0);

describe("a hub's recording", function () {
  this.timeout(60_000);
  let folder: string;
  let hub: Hub;
  let port: number;
  let ensemble: Ensemble;
  let jack: JackServer;

  before(async () => {
    jack = await startJack();
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-recordings-"));
    port = await freeUdpPort();
    ensemble = new Ensemble(port);
  });

  afterEach(async () => {
    ensemble.stop();
    await hub.stop("for-good");
    rmSync(folder, { recursive: true });
  });

  after(stopAllProcesses);

  function startHub(bits: 16 | 24 = 16): void {
    const logger = { info() {}, warn() {}, error() {} };
    hub = new Hub({
      settings: { ...settings, listen: `127.0.0.1:${port}`, smallBlocks: true },
      createMixer: createNativeMixer,
      createRecorder: (mixer, onNotice) =>
        createNativeRecorder(mixer, {
          folder,
          bits,
          names: false,
          keepDays: 0,
          clock: systemClock,
          logger,
          onNotice,
        }),
      clock: systemClock,
      logger: logger as never,
      stateFolder: folder,
      resolve: async () => null,
    });
    assert.equal(hub.start(), null);
  }

  const sessions = () => readdirSync(folder).filter((name) => name.startsWith("Jam-"));
  const wavs = (session: string) =>
    readdirSync(join(folder, session)).filter((name) => name.endsWith(".wav"));
  const served = (count: number) =>
    until(`${count} clients in the mix`, () => hub.status().clients.length === count);
  const writes = (writing: boolean) => until(`writing: ${writing}`, () => hub.status().writing === writing);

  it("has an impulse that two send at once at one place, in stereo and mono, and in both project files", async () => {
    startHub();
    const anna = await ensemble.add("Anna", 2, impulses);
    await ensemble.add("Ben", 1, impulses);
    ensemble.play();
    await served(2);
    await ensemble.pause();
    hub.record("start");
    await writes(true);
    assert.ok(anna.heard.some((message) => message.kind === "RECORDER_STATE" && message.state === 3));
    const [session = ""] = sessions();
    const grown = () =>
      wavs(session).length === 2 &&
      wavs(session).every((name) => statSync(join(folder, session, name)).size > 4 * 48_000 * 4);
    await until("four seconds", grown);
    hub.record("stop");
    await writes(false);
    await hub.stop("for-good");

    const list = readFileSync(join(folder, session, `${session}.lof`), "utf8");
    const project = readFileSync(join(folder, session, `${session}.rpp`), "utf8");
    const places = wavs(session).map((name) => {
      assert.match(name, /^musician-[01]-\d+-[12]\.wav$/, "nobody is named");
      const path = join(folder, session, name);
      const { channels, samples } = readWav(path)!;
      const frames = samples.length / channels;
      assert.equal(Number(execFileSync("soxi", ["-s", path])), frames);
      assert.equal(Number(execFileSync("soxi", ["-r", path])), 48_000);
      const start = Number(name.split("-")[2]);
      assert.ok(list.includes(`file "${name}" offset ${(start / 48_000).toFixed(9)}\n`));
      assert.ok(project.includes(`LENGTH ${(frames / 48_000).toFixed(9)}\n`));
      const found: number[] = [];
      for (let frame = 0; frame < frames; frame += 1)
        if (samples[frame * channels] === impulse) found.push(start + frame);
      return found;
    });
    const [one = [], other = []] = places;
    const apart = one.map((place) => Math.min(...other.map((at) => Math.abs(at - place))));
    // A machine busy with other things makes us send late, and some are lost: those have no counterpart nearby.
    const pairs = apart.filter((frames) => frames < impulseEvery / 4);
    assert.ok(pairs.length >= 5, `${pairs.length} pairs of impulses`);
    assert.ok(Math.max(...pairs) <= blockFrames, `impulses lie ${pairs} frames apart`);
  });

  it("goes on in a new session without a gap, in 24 bit, with a real Jamulus client among the players", async () => {
    startHub(24);
    await ensemble.add("Anna", 2, impulses);
    ensemble.play();
    const ben = await startJamulusClient({ server: { port }, jack, name: "Ben" });
    await served(2);
    hub.record("start");
    await until("both to be recorded", () => sessions().length === 1 && wavs(sessions()[0]!).length >= 2);
    hub.record("new");
    await until("a second session", () => sessions().length === 2 && wavs(sessions()[1]!).length >= 2);
    await ben.stop();
    await served(1);
    assert.equal(hub.status().writing, true);
    ensemble.stop();
    await hub.stop("for-good");
    for (const session of sessions()) {
      for (const name of wavs(session)) {
        const path = join(folder, session, name);
        assert.equal(Number(execFileSync("soxi", ["-b", path])), 24);
        assert.ok(Number(execFileSync("soxi", ["-s", path])) > 0);
        execFileSync("sox", [path, "-n", "stat"], { stdio: "ignore" });
      }
    }
  });
});
