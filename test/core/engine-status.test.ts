// The sound card comes, fails, goes and returns; sessions do not wait for it.

import assert from "node:assert/strict";
import type { Effect } from "../../src/core/effect.js";
import type { Happening } from "../support/box-state.js";
import { boot, busyCard, card, connected, fired, fresh, kinds, play } from "../support/box-state.js";

const opened: Happening = { kind: "card.opened", card };
const failed: Happening = { kind: "card.failed", failure: busyCard };
const unplugged = { ...busyCard, call: "snd_pcm_wait", code: "ENODEV", message: "No such device" };
const lost: Happening = { kind: "card.lost", failure: unplugged };
const logs = (effects: readonly Effect[]) => effects.flatMap((e) => (e.kind === "log" ? [e] : []));

describe("sound card", () => {
  it("is opened at boot", () => {
    const { state, effects } = play(fresh(), boot);
    assert.equal(state.engine.kind, "starting");
    assert.deepEqual(kinds(effects), ["card.open"]);
    assert.deepEqual(kinds(play(state, boot).effects), []);
  });

  it("is tried again half a second after it failed, for as long as it fails", () => {
    const first = play(fresh(), boot, failed);
    assert.deepEqual(
      first.effects.filter((effect) => effect.kind === "timer.set"),
      [{ kind: "timer.set", timer: "card-retry", inMs: 500 }],
    );
    const again = play(first.state, fired("card-retry"), failed);
    assert.deepEqual(kinds(again.effects), ["card.open", "timer.set"]);
    // Nothing has changed, so nobody who watches is told anything.
    assert.equal(again.state, first.state);
  });

  it("is warned of once, with what to do, and said to be back", () => {
    const story = play(
      fresh(),
      boot,
      failed,
      fired("card-retry"),
      failed,
      fired("card-retry"),
      failed,
      opened,
    );
    assert.deepEqual(
      logs(story.effects).map(({ level, text }) => `${level} ${text}`),
      [
        "warn no sound card: hw:1: snd_pcm_open: EBUSY: Device or resource busy. Close the program that uses it.",
        "info sound card hw:1: 2 periods of 64 frames, 2 in, 2 out, S16_LE, mmap, linked",
      ],
    );
  });

  it("is warned of again when there is something else to be done", () => {
    assert.equal(logs(play(fresh(), boot, failed, lost).effects).length, 2);
  });

  it("is not warned of again when another call finds the same", () => {
    const gone = { ...unplugged, call: "snd_pcm_open", code: "ENOENT", message: "No such file or directory" };
    const story = play(connected(), lost, fired("card-retry"), { kind: "card.failed", failure: gone });
    assert.equal(logs(story.effects).length, 1);
    assert.deepEqual(story.state.engine.kind === "failed" && story.state.engine.failure, gone);
  });

  it("may be lost without ending the session", () => {
    const { state } = play(connected(), lost);
    assert.equal(state.engine.kind, "failed");
    assert.equal(state.connection.kind, "connected");
  });

  it("is not sought while it runs", () => {
    assert.deepEqual(play(connected(), fired("card-retry")).effects, []);
  });
});
