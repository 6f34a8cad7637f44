// The engine's face to the rest of the box: in which order its news is told.

import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { NativeEngineObject, NativeNotice } from "../../src/audio/addon.js";
import type { CardResult, EngineNotice } from "../../src/audio/engine.js";
import { NativeEngine } from "../../src/audio/native-engine.js";
import { busyCard, card } from "../support/box-state.js";

const options = { capture: "hw:1", playback: "hw:1", periodFrames: 64, periods: 2, full: false };

describe("the engine's news of its card", () => {
  let hear: (notice: NativeNotice) => void;
  let answers: ((result: CardResult) => void)[];
  let told: string[];
  let engine: NativeEngine;

  beforeEach(() => {
    answers = [];
    told = [];
    const native: Partial<NativeEngineObject> = {
      port: () => 22134,
      openCard: () => new Promise((resolve) => answers.push(resolve)),
      close: () => {},
    };
    engine = new NativeEngine(
      (given) => {
        hear = given;
        return native as NativeEngineObject;
      },
      ({ kind }: EngineNotice) => told.push(kind),
    );
  });

  const open = () => engine.openCard(options).then(({ ok }) => told.push(ok ? "opened" : "not opened"));
  const lost = (): NativeNotice => ({ kind: "card.lost", failure: busyCard, join: 0 }) as NativeNotice;

  async function answer(result: CardResult): Promise<void> {
    await nextTurn();
    answers.shift()?.(result);
  }

  it("tells of a loss at once", () => {
    hear(lost());
    assert.deepEqual(told, ["card.lost"]);
  });

  it("tells that a card was opened before it tells that it was lost, whichever it heard first", async () => {
    const opened = open();
    await answer({ ok: true, card });
    hear(lost());
    await opened;
    await nextTurn();
    await nextTurn();
    assert.deepEqual(told, ["opened", "card.lost"]);
  });

  it("waits for the last of several", async () => {
    const [first, second] = [open(), open()];
    hear(lost());
    await answer({ ok: false, failure: busyCard });
    await first;
    await nextTurn();
    assert.deepEqual(told, ["not opened"]);
    await answer({ ok: true, card });
    await second;
    await nextTurn();
    await nextTurn();
    assert.deepEqual(told, ["not opened", "opened", "card.lost"]);
  });

  it("keeps other news from waiting, and tells nothing any more once it was closed", async () => {
    void open();
    hear({ kind: "card.xrun", join: 0 } as NativeNotice);
    hear(lost());
    engine.close();
    await answer({ ok: true, card });
    await nextTurn();
    await nextTurn();
    assert.deepEqual(told, ["card.xrun", "opened"]);
  });
});
