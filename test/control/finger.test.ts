// Presses for programs: how long they take, several at once, and the end of the box in their midst.

import assert from "node:assert/strict";
import { Finger } from "../../src/control/finger.js";
import { initialState } from "../../src/core/state.js";
import { transition } from "../../src/core/transition.js";
import { ManualClock } from "../support/manual-clock.js";
import { FakeBox } from "./fake-box.js";

describe("Finger", () => {
  let clock: ManualClock;
  let box: FakeBox;
  let finger: Finger;

  beforeEach(() => {
    clock = new ManualClock();
    box = new FakeBox();
    finger = new Finger(box, clock);
  });

  it("is on the button for as long as it should be", async () => {
    let isUp = false;
    const press = finger.press("mute", 2500).then(() => {
      isUp = true;
    });
    clock.advance(2499);
    assert.deepEqual(box.wishes, [{ kind: "button.down", button: "mute" }]);
    assert.equal(isUp, false);
    clock.advance(1);
    await press;
    assert.deepEqual(box.wishes.at(-1), { kind: "button.up", button: "mute" });
  });

  it("is up again at once, before a busy machine's clock moves on, where nothing was said of a hold", async () => {
    const press = finger.press("connect", 0);
    assert.deepEqual(
      box.wishes.map(({ kind }) => kind),
      ["button.down", "button.up"],
    );
    await press;
  });

  it("makes a hold of one that lasts just as long", () => {
    const meant: string[] = [];
    let state = initialState(box.servers, { recording: "notify", chat: false });
    box.dispatch = (wish) => happen({ ...wish, atMs: clock.nowMs() });
    void finger.press("mute", 2000);
    clock.advance(2000);
    assert.deepEqual([meant, state.page, state.muted.musician], [["hold", "page"], "server", false]);

    function happen(event: Parameters<typeof transition>[1]): void {
      const next = transition(state, event);
      state = next.state;
      for (const effect of next.effects) {
        if (effect.kind !== "timer.set") continue;
        const { timer } = effect;
        meant.push(timer);
        clock.after(effect.inMs, () => happen({ kind: "timer.fired", timer, atMs: clock.nowMs() }));
      }
    }
  });

  it("has two hands", async () => {
    const both = [finger.press("connect", 100), finger.press("mute", 50)];
    clock.advance(100);
    await Promise.all(both);
    assert.deepEqual(
      box.wishes.map((wish) => ("button" in wish ? `${wish.kind} ${wish.button}` : wish.kind)),
      ["button.down connect", "button.down mute", "button.up mute", "button.up connect"],
    );
  });

  it("keeps nothing waiting when the box ends", () => {
    void finger.press("connect", 10_000);
    finger.stop();
    assert.equal(clock.pending, 0);
  });
});
