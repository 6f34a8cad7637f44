// Sound cards that are not there, not to be had, or go away: one line says which and what to do, and the session lives on.

import assert from "node:assert/strict";
import { listDevices, pickDevice } from "../../src/audio/devices.js";
import type { Status } from "../../src/core/status.js";
import type { TestBox } from "../support/box.js";
import { type BoxAtOptions, noCard, startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";
import { type Side, VirtualCard } from "../support/virtual-card.js";

/** A card must be back two seconds after it has come back; the rest is for a busy machine. */
const backMs = 6_000;

/** So many decoded blocks of 64 frames are over two seconds, in which a missing card is sought twice. */
const blocksOfTwoSeconds = 1600;

interface LogLine {
  readonly level: string;
  readonly msg: string;
}

/** What the log says about the sound card, once it has said so much. */
function cardLines(box: TestBox, count = 1): Promise<LogLine[]> {
  return until(`${count} lines about the card`, () => {
    const lines = box.process
      .log()
      .split("\n")
      .filter((line) => line !== "");
    const parsed = lines.map((line) => JSON.parse(line) as LogLine);
    const about = parsed.filter(({ msg }) => msg.includes("sound card"));
    return about.length >= count && about;
  });
}

describe("a box in trouble with its sound card", function () {
  this.timeout(60_000);
  let server: JamulusServer;
  let card: VirtualCard;

  before(async () => {
    server = await startJamulusServer({ fastUpdate: true });
  });

  beforeEach(() => {
    card = new VirtualCard();
  });

  afterEach(() => card.remove());

  after(stopAllProcesses);

  async function joined(options: BoxAtOptions): Promise<TestBox> {
    const box = await startBoxAt(server, options);
    await box.press("connect");
    await box.plays();
    return box;
  }

  /** Goes on decoding what the server sends for two seconds. */
  async function playsOn(box: TestBox): Promise<Status> {
    const { decoded } = (await box.status()).audio;
    const what = "playing on";
    const status = await box.reaches(what, ({ audio }) => audio.decoded > decoded + blocksOfTwoSeconds);
    assert.equal(status.connection.state, "connected");
    assert.equal(status.connection.heard, true);
    const { clientId } = status.connection;
    assert.ok((await server.clients()).some(({ id }) => id === clientId));
    return status;
  }

  const runs = (box: TestBox) => box.reaches("on its card", ({ audio }) => audio.state === "running", backMs);

  const fails = (box: TestBox) =>
    box.reaches("without its card", ({ audio }) => audio.state === "failed", backMs);

  async function saysOnce(box: TestBox, line: string): Promise<void> {
    const status = await playsOn(box);
    assert.equal(status.audio.state, "failed");
    assert.equal(status.panel.leds.link, "fast-blink");
    assert.equal(status.panel.display[0], "NO SOUND CARD");
    assert.ok(
      status.audio.note?.endsWith(line.slice(line.lastIndexOf(". "))),
      status.audio.note ?? "no note",
    );
    assert.deepEqual(
      (await cardLines(box)).map(({ level, msg }) => `${level} ${msg}`),
      [line],
    );
    assert.equal(await box.stop(), "exit 0");
  }

  it("plays to the server without any card", async function () {
    // "auto" finds a card on a machine that has one; the box with none is then tried by name, above.
    if (pickDevice(listDevices()) !== null) this.skip();
    const box = await joined({ sets: ["audio.device=auto"] });
    await saysOnce(
      box,
      "warn no sound card: auto: snd_card_next: ENODEV: no sound card found. Plug it in, or check its name.",
    );
  });

  it("says which name no card has", async () => {
    const box = await joined({});
    await saysOnce(
      box,
      `warn no sound card: ${noCard}: snd_pcm_open: ENOENT: No such file or directory. Plug it in, or check its name.`,
    );
  });

  it("says that another program has the card, and takes it when it is free", async () => {
    card.setBusy(true);
    const box = await joined({ card });
    const warning =
      "warn no sound card: jam0: snd_pcm_open: EBUSY: Device or resource busy. Close the program that uses it.";
    const { audio } = await playsOn(box);
    assert.equal(`warn no sound card: ${audio.note}`, warning);
    card.setBusy(false);
    await runs(box);
    assert.deepEqual(
      (await cardLines(box, 2)).map(({ level, msg }) => `${level} ${msg}`),
      [warning, "info sound card jam0: 2 periods of 64 frames, 2 in, 2 out, FLOAT_LE, mmap, not linked"],
    );
    assert.equal((await playsOn(box)).panel.leds.link, "on");
    await box.stop();
  });

  it("plays on a card that knows 44.1 kHz alone, and says what that costs", async () => {
    card.remove();
    card = new VirtualCard({ rateHz: 44100 });
    const box = await joined({ card });
    await runs(box);
    const { audio } = await playsOn(box);
    assert.equal(audio.state, "running");
    assert.match(audio.note ?? "", /^The card cannot run at 48 kHz: ALSA converts, which adds delay\./);
    const lines = await cardLines(box);
    assert.equal(lines.length, 1);
    assert.equal(lines[0]?.level, "info");
    assert.ok(lines[0]?.msg.endsWith(audio.note ?? "no note"), lines[0]?.msg);
    await box.stop();
  });

  it("lives through a card that is pulled out and plugged in ten times", async () => {
    const box = await joined({ card });
    const { connection } = await runs(box);
    for (let round = 0; round < 10; round++) {
      card.pullOut();
      const { audio } = await fails(box);
      assert.match(audio.note ?? "", /^jam0: .*ENODEV: No such device\. Plug it in, or check its name\.$/);
      card.plugIn();
      await runs(box);
    }
    const status = await playsOn(box);
    assert.equal(status.audio.note, null);
    assert.equal(status.connection.joinMs, connection.joinMs);
    const told = (await cardLines(box, 21)).map(({ level }) => level);
    assert.deepEqual(told, ["info", ...Array.from({ length: 10 }, () => ["warn", "info"]).flat()]);
    await box.stop();
  });

  const sides: readonly (readonly Side[])[] = [["capture", "playback"], ["capture"], ["playback"]];

  interface Fault {
    readonly what: string;
    readonly begin: (card: VirtualCard, sides: readonly Side[]) => void;
    readonly end: (card: VirtualCard, sides: readonly Side[]) => void;
    readonly code: string;
    readonly advice: string;
  }

  const faults: readonly Fault[] = [
    {
      what: "is pulled out",
      begin: (card, sides) => card.pullOut(sides),
      end: (card, sides) => card.plugIn(sides),
      code: "ENODEV",
      advice: "Plug it in, or check its name",
    },
    {
      what: "stands still",
      begin: (card, sides) => card.stopClock(sides),
      end: (card, sides) => card.startClock(sides),
      code: "ETIMEDOUT",
      advice: "Plug it out and in again",
    },
    {
      what: "is suspended",
      begin: (card, sides) => card.setSuspended(true, sides),
      end: (card, sides) => card.setSuspended(false, sides),
      code: "ESTRPIPE",
      advice: "It sleeps, and comes back by itself when the machine wakes",
    },
  ];

  async function survives({ begin, end, code, advice }: Fault, which: readonly Side[]): Promise<void> {
    const card = new VirtualCard();
    const box = await joined({ card });
    const { connection } = await runs(box);
    begin(card, which);
    await fails(box);
    const without = await playsOn(box);
    assert.equal(without.audio.state, "failed");
    assert.ok(without.audio.note?.startsWith("jam0: "), without.audio.note ?? "no note");
    end(card, which);
    const { connection: later, audio } = await runs(box);
    assert.equal(later.state, "connected");
    assert.equal(later.joinMs, connection.joinMs);
    assert.equal(audio.note, null);
    const [first, lost, back, ...more] = await cardLines(box, 3);
    assert.deepEqual([first?.level, lost?.level, back?.level, more], ["info", "warn", "info", []]);
    assert.match(lost?.msg ?? "", new RegExp(`^no sound card: jam0: \\w+: ${code}: .*\\. ${advice}\\.$`));
    assert.equal(await box.stop(), "exit 0");
    card.remove();
  }

  for (const fault of faults) {
    it(`plays on while its card or one side of it ${fault.what}, and on the card when it is back`, async () => {
      await Promise.all(sides.map((which) => survives(fault, which)));
    });
  }
});
