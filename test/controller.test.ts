// The loop with recording handlers: order, re-entrancy, and showing only what changed.

import assert from "node:assert/strict";
import { Controller, type Handlers } from "../src/controller.js";
import type { Effect } from "../src/core/effect.js";
import type { PanelView } from "../src/core/view.js";
import { busyCard, card, fresh, type Happening, pressConnect, pressMute } from "./support/box-state.js";

describe("Controller", () => {
  it("runs the effects of an event in their order", () => {
    const { happen, done } = setUp();
    happen({ kind: "box.started", connectOnBoot: true, remembered: null });
    assert.deepEqual(done, ["card.open", "session.start", "wanted.store"]);
  });

  it("finishes one event before it takes the next, also one that an effect brings about", () => {
    const { controller, happen, done, on } = setUp();
    on("card.open", () => {
      happen({ kind: "card.failed", failure: busyCard });
      assert.equal(controller.state.engine.kind, "starting");
    });
    happen({ kind: "box.started", connectOnBoot: true, remembered: null });
    assert.deepEqual(done, ["card.open", "session.start", "wanted.store", "timer.set", "log"]);
    assert.equal(controller.state.engine.kind, "failed");
  });

  it("shows the view at once, and again only when it changed", () => {
    const { controller, happen } = setUp();
    const shown: PanelView[] = [];
    const detach = controller.attach({ show: (view) => shown.push(view) });
    assert.equal(shown.length, 1);
    happen({ kind: "box.started", connectOnBoot: false, remembered: null });
    happen({ kind: "card.opened", card });
    happen({ kind: "gain.asked", db: 3 });
    assert.equal(shown.length, 1);
    happen(pressMute);
    assert.equal(shown.at(-1)?.leds.mute, "on");
    assert.equal(shown.length, 2);
    detach();
    happen(pressMute);
    assert.equal(shown.length, 2);
  });

  it("tells listeners of each change of the state, once, when all is done", () => {
    const { controller, happen, on } = setUp();
    on("session.start", () => happen({ kind: "session.connected", clientId: 0 }));
    const seen: string[] = [];
    const end = controller.onChange(() => seen.push(controller.state.connection.kind));
    happen({ kind: "connect.asked", server: null });
    happen({ kind: "gain.asked", db: 3 });
    assert.deepEqual(seen, ["connected"]);
    end();
    happen(pressConnect);
    assert.equal(seen.length, 1);
  });

  it("takes events again after a handler threw", () => {
    const { controller, happen, on } = setUp();
    on("session.start", () => {
      throw new Error("a bug");
    });
    assert.throws(() => happen(pressConnect), /a bug/);
    happen(pressMute);
    assert.equal(controller.state.muted.musician, true);
  });
});

function setUp() {
  const done: Effect["kind"][] = [];
  const extra = new Map<Effect["kind"], () => void>();
  const record = (effect: Effect) => {
    done.push(effect.kind);
    extra.get(effect.kind)?.();
  };
  const handlers: Handlers = {
    "session.start": record,
    "session.probe": record,
    "session.leave": record,
    "session.say": record,
    "card.open": record,
    "audio.mute": record,
    "audio.guard": record,
    "audio.gain": record,
    "voice.say": record,
    "timer.set": record,
    "timer.clear": record,
    "wanted.store": record,
    log: record,
    "box.stop": record,
  };
  const controller = new Controller(fresh(), handlers);
  const happen = (happenings: Happening | readonly Happening[]) => {
    for (const happening of [happenings].flat()) controller.dispatch({ ...happening, atMs: 1 });
  };
  const on = (kind: Effect["kind"], action: () => void) => extra.set(kind, action);
  return { controller, happen, done, on };
}
