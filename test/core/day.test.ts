// Whole days of a box, told and by chance: LEDs, display, voice, status and microphone never disagree.

import assert from "node:assert/strict";
import type { RecordingPolicy } from "../../src/core/state.js";
import { Random } from "../support/random.js";
import { SimulatedDay } from "../support/simulated-day.js";

const minutes = 60_000;

describe("a day", () => {
  it("from the first press to the last", () => {
    const day = new SimulatedDay("mute-until-ack");
    const told: string[] = [];
    let heard = 0;
    const tell = (what: string) => {
      const { leds, display } = day.view ?? assert.fail("nothing shown");
      const voice = day.onlooker.heard.slice(heard);
      heard = day.onlooker.heard.length;
      const lights = `${leds.link} ${leds.rec} ${leds.mute}`;
      told.push(`${what}: ${lights} | ${display[0]?.text} | ${voice.join(", ") || "-"}`);
    };

    tell("switched on");
    day.press("connect");
    tell("CONNECT");
    day.pass(100);
    tell("in");
    day.record("no");
    tell("told: no recording");
    day.sound(false);
    tell("its sound fails");
    day.sound(true);
    tell("and is back");
    day.pass(30 * minutes);
    day.press("mute");
    tell("MUTE");
    day.press("mute");
    tell("MUTE again");
    day.record("yes");
    tell("recording starts");
    day.press("mute", 2500);
    tell("MUTE held: the question stays");
    day.press("mute");
    tell("MUTE: agreed");
    day.press("mute", 2500);
    tell("MUTE held: the privacy page");
    day.pass(20_000);
    tell("and it goes");
    day.record("no");
    tell("recording stops");
    day.tunnel(true);
    tell("through a tunnel");
    day.server = "is away";
    day.record("unknown");
    day.lose();
    tell("the server is gone");
    day.pass(5 * minutes + 10_000);
    tell("still");
    day.server = "welcomes";
    day.recorder = "yes";
    day.pass(1 * minutes);
    tell("it is back, and records");
    day.pullCard();
    tell("the card is pulled");
    day.plugCard();
    tell("and plugged in");
    day.finger("connect", true);
    day.pass(2100);
    tell("CONNECT held");
    day.finger("connect", false);
    tell("and let go");
    day.pass(200);
    tell("at the next server");
    day.press("mute");
    day.pass(1000);
    day.press("connect");
    tell("CONNECT: left");
    day.pass(60 * minutes);
    day.finger("connect", true);
    day.pass(2500);
    tell("CONNECT held");
    day.pass(6000);
    tell("and held on");
    day.pass(4000);
    assert.deepEqual(day.ended, { powerOff: true });
    assert.deepEqual(told, [
      "switched on: off off off | READY | -",
      "CONNECT: slow-blink short-flash off | JOINING | -",
      "in: on short-flash off | School | connected",
      "told: no recording: on off off | School | recording-off",
      "its sound fails: on short-flash off | School | -",
      "and is back: on off off | School | -",
      "MUTE: on off on | MUTED | muted",
      "MUTE again: on off off | School | unmuted",
      "recording starts: on on slow-blink | RECORDING | recording-started-muted",
      "MUTE held: the question stays: on on slow-blink | RECORDING | -",
      "MUTE: agreed: on on off | School | unmuted",
      "MUTE held: the privacy page: on on off | REC | -",
      "and it goes: on on off | School | -",
      "recording stops: on off off | School | recording-stopped",
      "through a tunnel: on off off | School | -",
      "the server is gone: double-blink off off | WAITING | recording-unknown, connection-lost",
      "still: double-blink off off | WAITING | -",
      "it is back, and records: on on slow-blink | RECORDING | connected, recording-on-muted",
      "the card is pulled: fast-blink on slow-blink | RECORDING | -",
      "and plugged in: on on slow-blink | RECORDING | -",
      "CONNECT held: triple-blink on slow-blink | RECORDING | next-server",
      "and let go: triple-blink off on | LEAVING | -",
      "at the next server: triple-blink on slow-blink | RECORDING | connected, recording-on-muted",
      "CONNECT: left: off off off | LEAVING | unmuted, left",
      "CONNECT held: triple-blink off off | NEXT SERVER | next-server",
      "and held on: off off off | SHUTTING DOWN | shutting-down",
    ]);
  });

  for (const policy of ["notify", "mute-until-ack", "refuse"] as const) {
    it(`by chance, forty times, under ${policy}`, () => {
      let heard = 0;
      let shutdowns = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const day = live(policy, seed);
        heard += day.onlooker.heard.length;
        if (day.ended !== null) shutdowns++;
      }
      assert.ok(heard > 2000, `only ${heard} prompts`);
      assert.ok(shutdowns > 5, `only ${shutdowns} shutdowns`);
    });
  }
});

/** Five hundred things that happen to a box, in an order of chance. */
function live(policy: RecordingPolicy, seed: number): SimulatedDay {
  const random = new Random(seed);
  const day = new SimulatedDay(policy);
  const things: readonly (() => void)[] = [
    () => day.press("connect", random.below(300)),
    () => day.press("connect", random.below(300)),
    () => day.press("mute", random.below(300)),
    () => day.press("mute", random.below(300)),
    () => day.press("mute", 1900 + random.below(200)),
    () => day.press("connect", 1900 + random.below(2000)),
    () => day.finger(random.pick(["connect", "mute"]), random.next() < 0.3),
    () => day.record(random.pick(["yes", "no", "unknown"])),
    () => day.record(random.pick(["yes", "no"])),
    () => day.askForLicence(),
    () => day.lose(),
    () => day.restart(),
    () => day.sound(random.next() < 0.7),
    () => day.tunnel(random.next() < 0.5),
    () => (random.next() < 0.5 ? day.pullCard() : day.plugCard()),
    () => {
      day.server = random.pick(["welcomes", "welcomes", "welcomes", "is full", "is away"]);
    },
    () => {
      day.enquiry = random.pick([null, "yes", "no", "unknown"]);
    },
    () => day.happen({ kind: "mute.asked", muted: random.next() < 0.5 }),
  ];
  for (let n = 0; n < 500 && day.ended === null; n++) {
    try {
      random.pick(things)();
      day.pass(random.pick([0, 20, 100, 500, 3000, 20_000]) * random.next());
    } catch (error) {
      const shown = day.view?.display.map((line) => line.text).join(" | ");
      throw new Error(`seed ${seed}, thing ${n}: ${shown}`, { cause: error });
    }
  }
  return day;
}
