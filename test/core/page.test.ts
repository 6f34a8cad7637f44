// Holding MUTE: the privacy pages, how they turn, and what comes before them.

import assert from "node:assert/strict";
import {
  connected,
  down,
  fired,
  idle,
  orders,
  play,
  pressConnect,
  pressMute,
  recording,
  up,
} from "../support/box-state.js";

const hold = [down("mute"), fired("hold"), up("mute")];
const turned = { kind: "timer.set", timer: "page", inMs: 10_000 } as const;

describe("the privacy pages", () => {
  it("turn by themselves, and go", () => {
    const first = play(idle(), hold);
    assert.equal(first.state.page, "server");
    assert.deepEqual(orders(first.effects), [turned]);
    const second = play(first.state, fired("page"));
    assert.equal(second.state.page, "sent");
    assert.deepEqual(second.effects, [turned]);
    const third = play(second.state, fired("page"));
    assert.equal(third.state.page, null);
    assert.deepEqual(third.effects, []);
  });

  it("turn by the next hold, and go by the third", () => {
    const second = play(idle(), hold, hold);
    assert.equal(second.state.page, "sent");
    const third = play(second.state, hold);
    assert.equal(third.state.page, null);
    assert.deepEqual(orders(third.effects), [{ kind: "timer.clear", timer: "page" }]);
  });

  it("go at a press, which does what it always does", () => {
    const muted = play(connected(), hold, pressMute).state;
    assert.deepEqual([muted.page, muted.muted.musician], [null, true]);
    const left = play(connected(), hold, pressConnect).state;
    assert.deepEqual([left.page, left.connection.kind], [null, "leaving"]);
  });

  it("mute nobody by being opened", () => {
    assert.equal(play(connected(), hold).state.muted.musician, false);
  });

  it("do not come before a question, nor answer it", () => {
    const asked = play(connected("mute-until-ack"), recording("yes")).state;
    assert.deepEqual(play(asked, hold).state, { ...asked, askedAtTouch: "recording" });
    const open = play(connected("mute-until-ack"), hold, recording("yes")).state;
    const answered = play(open, pressMute).state;
    assert.deepEqual([answered.muted.consent, answered.muted.musician], [false, false]);
    assert.equal(answered.page, null);
  });
});
