// The least sound at a time that card and machine hold: more after trouble, less again after quiet.

import assert from "node:assert/strict";
import type { Card } from "../../src/audio/engine.js";
import type { TimingWish } from "../../src/core/card-timing.js";
import type { Effect } from "../../src/core/effect.js";
import { cardNote } from "../../src/core/engine-status.js";
import type { Event, Untimed } from "../../src/core/event.js";
import { initialState, type State } from "../../src/core/state.js";
import { transition } from "../../src/core/transition.js";
import { boot, busyCard, card, fired, pressConnect, school, welcomed } from "../support/box-state.js";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What a card makes of what it is asked for. */
type Making = (asked: Pick<Card, "periodFrames" | "periods">) => Pick<Card, "periodFrames" | "periods">;

/** A box with its card and its clock: asks are answered at once, and the timer for quiet fires when it is due. */
class Bench {
  state: State;
  atMs = 0;
  dueMs: number | null = null;
  readonly logs: string[] = [];
  #make: Making;

  constructor(wish: TimingWish = { period: "auto", periods: 2 }, make: Making = (asked) => asked) {
    this.state = initialState([school], { recording: "notify", chat: false }, null, wish);
    this.#make = make;
    this.take(boot);
  }

  take(...events: readonly Untimed[]): this {
    for (const event of events) {
      const { state, effects } = transition(this.state, { ...event, atMs: this.atMs } as Event);
      this.state = state;
      for (const effect of effects) this.#run(effect);
    }
    return this;
  }

  /** Another card in place of the one before. */
  swap(make: Making): this {
    this.take({ kind: "card.lost", failure: busyCard });
    this.#make = make;
    return this.take(fired("card-retry"));
  }

  xruns(...afterMs: readonly number[]): this {
    for (const ms of afterMs) this.wait(ms).take({ kind: "card.xrun" });
    return this;
  }

  wait(ms: number): this {
    const endMs = this.atMs + ms;
    while (this.dueMs !== null && this.dueMs <= endMs) {
      this.atMs = this.dueMs;
      this.dueMs = null;
      this.take(fired("card-quiet"));
    }
    this.atMs = endMs;
    return this;
  }

  /** As "2 x 64". */
  get now(): string {
    const { engine } = this.state;
    return engine.kind === "running" ? `${engine.card.periods} x ${engine.card.periodFrames}` : engine.kind;
  }

  get note(): string | null {
    const { engine } = this.state;
    return engine.kind === "running" ? cardNote(this.state, engine.card) : null;
  }

  #run(effect: Effect): void {
    if (effect.kind === "card.open") {
      this.take({ kind: "card.opened", card: { ...card, ...this.#make(effect.timing) } });
    } else if (effect.kind === "timer.set" && effect.timer === "card-quiet") {
      this.dueMs = this.atMs + effect.inMs;
    } else if (effect.kind === "log") {
      this.logs.push(effect.text);
    }
  }
}

/** A second xrun within a minute. */
const trouble = [minuteMs, 1000];

describe("the card's period", () => {
  it("is the smallest at first, and nothing is said of it", () => {
    const bench = new Bench();
    assert.equal(bench.now, "2 x 32");
    assert.equal(bench.note, null);
    assert.equal(bench.dueMs, null);
  });

  it("stays as it is after a single xrun now and then", () => {
    const bench = new Bench().xruns(minuteMs, minuteMs, minuteMs, 10 * minuteMs);
    assert.equal(bench.now, "2 x 32");
  });

  it("goes up step by step at a second xrun within a minute, as far as there is more", () => {
    const bench = new Bench();
    const seen = Array.from({ length: 9 }, () => bench.xruns(...trouble).now);
    assert.deepEqual(seen, [
      ...["3 x 32", "2 x 64", "3 x 64", "2 x 128", "3 x 128", "2 x 256", "3 x 256"],
      ...["3 x 256", "3 x 256"],
    ]);
  });

  it("says in the log and in the status that it was raised", () => {
    const bench = new Bench().xruns(...trouble);
    assert.match(bench.note ?? "", /stumbled with less sound/);
    assert.deepEqual(bench.logs.slice(1), [
      "the sound card stumbled twice in a minute with 2 periods of 32 frames: now 3 periods of 32 frames",
      "sound card hw:1: 3 periods of 32 frames, 2 in, 2 out, S16_LE, mmap, linked",
    ]);
  });

  it("goes down a step after each quiet hour, down to the smallest", () => {
    const bench = new Bench().xruns(...trouble, ...trouble);
    assert.equal(bench.wait(hourMs - 1).now, "2 x 64");
    assert.equal(bench.wait(1).now, "3 x 32");
    assert.equal(bench.wait(hourMs).now, "2 x 32");
    assert.equal(bench.note, null);
    assert.equal(bench.wait(100 * hourMs).now, "2 x 32");
  });

  it("is quiet only from the last xrun on, even a single one", () => {
    const bench = new Bench().xruns(...trouble).wait(hourMs - 1);
    bench.take({ kind: "card.xrun" });
    assert.equal(bench.wait(hourMs - 1).now, "3 x 32");
    assert.equal(bench.wait(1).now, "2 x 32");
  });

  it("waits twice as long each time that less did not do, a day at most, and an hour again once it did", () => {
    const bench = new Bench().xruns(...trouble);
    for (const hours of [1, 2, 4, 8, 16, 24, 24]) {
      assert.equal(bench.wait(hours * hourMs - 1).now, "3 x 32", `after nearly ${hours} hours`);
      assert.equal(bench.wait(1).now, "2 x 32");
      bench.xruns(...trouble);
    }
    bench.wait(25 * hourMs).wait(25 * hourMs);
    assert.equal(bench.now, "2 x 32");
    assert.equal(bench.xruns(...trouble).now, "3 x 32");
    assert.equal(bench.wait(hourMs).now, "2 x 32");
  });

  it("does not go down while others would hear the gap", () => {
    const clients = ["Ann", "Box"].map((name, id) => ({ id, name, instrument: "", city: "" }));
    const bench = new Bench().take(...pressConnect, welcomed, { kind: "session.clients", clients });
    bench.xruns(...trouble).wait(5 * hourMs);
    assert.equal(bench.now, "3 x 32");
    bench.take({ kind: "session.clients", clients: clients.slice(1) }).wait(minuteMs);
    assert.equal(bench.now, "2 x 32");
  });

  it("is the configuration's where that names one, whatever happens", () => {
    const bench = new Bench({ period: 64, periods: 2 }).xruns(...trouble, ...trouble);
    assert.equal(bench.now, "2 x 64");
    assert.equal(bench.note, null);
    assert.equal(bench.dueMs, null);
  });

  it("starts from as many periods as the configuration says", () => {
    const bench = new Bench({ period: "auto", periods: 4 });
    const seen = [bench.now, ...Array.from({ length: 3 }, () => bench.xruns(...trouble).now)];
    assert.deepEqual(seen, ["4 x 32", "5 x 32", "4 x 64", "5 x 64"]);
  });

  const atLeast =
    (least: number): Making =>
    ({ periodFrames, periods }) => ({ periodFrames: Math.max(least, periodFrames), periods });

  it("begins with the card's own smallest, and does not ask for less again", () => {
    const bench = new Bench(undefined, atLeast(48));
    assert.equal(bench.now, "2 x 48");
    assert.equal(bench.note, null);
    const seen = Array.from({ length: 3 }, () => bench.xruns(...trouble).now);
    assert.deepEqual(seen, ["2 x 64", "3 x 48", "3 x 64"]);
    assert.equal(bench.wait(10 * hourMs).now, "2 x 48");
    assert.equal(bench.dueMs, null);
  });

  it("goes up to something else where a card does not take the next step", () => {
    const bench = new Bench(undefined, ({ periodFrames }) => ({ periodFrames, periods: 2 }));
    const seen = Array.from({ length: 7 }, () => bench.xruns(...trouble).now);
    assert.deepEqual(seen, ["2 x 32", "2 x 64", "2 x 64", "2 x 128", "2 x 128", "2 x 256", "2 x 256"]);
  });

  it("takes nothing that a card could not do for what the next one can", () => {
    const bench = new Bench(undefined, atLeast(128)).swap((asked) => asked);
    assert.equal(bench.now, "2 x 32");
    assert.equal(bench.xruns(...trouble).now, "3 x 32");
  });

  it("stays raised when the card was away", () => {
    const bench = new Bench().xruns(...trouble).take({ kind: "card.lost", failure: busyCard });
    assert.equal(bench.now, "failed");
    assert.equal(bench.take(fired("card-retry")).now, "3 x 32");
    assert.equal(bench.wait(hourMs).now, "2 x 32");
  });

  it("is not raised twice by what happened before the card was opened anew", () => {
    const bench = new Bench();
    bench.take({ kind: "card.xrun" });
    const { state, effects } = transition(bench.state, { kind: "card.xrun", atMs: bench.atMs + 5 });
    assert.ok(effects.some((effect) => effect.kind === "card.open"));
    const late = [10, 15, 20].reduce(
      (now, atMs) => transition(now, { kind: "card.xrun", atMs }).state,
      state,
    );
    assert.equal(late, state);
  });
});
