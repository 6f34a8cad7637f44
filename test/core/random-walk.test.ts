// A hundred thousand events in random order: whatever happens, the box never contradicts itself.

import assert from "node:assert/strict";
import { openQuestion } from "../../src/core/consent.js";
import type { Effect } from "../../src/core/effect.js";
import type { TimerName } from "../../src/core/event.js";
import { isMuted } from "../../src/core/mute.js";
import type { RecordingPolicy, State } from "../../src/core/state.js";
import { transition } from "../../src/core/transition.js";
import { panelView } from "../../src/core/view.js";
import {
  boot,
  busyCard,
  card,
  club,
  down,
  ended,
  enquired,
  fired,
  fresh,
  type Happening,
  recording,
  school,
  up,
  welcomed,
} from "../support/box-state.js";
import { Random } from "../support/random.js";

const happenings: readonly Happening[] = [
  boot,
  { kind: "box.started", connectOnBoot: true, remembered: club },
  down("connect"),
  down("mute"),
  up("connect"),
  up("connect"),
  up("mute"),
  up("mute"),
  fired("hold"),
  fired("long-hold"),
  fired("confirm"),
  fired("page"),
  fired("power-off"),
  fired("retry"),
  fired("card-retry"),
  fired("leave"),
  { kind: "connect.asked", server: null },
  { kind: "connect.asked", server: club },
  { kind: "connect.asked", server: school },
  { kind: "disconnect.asked" },
  { kind: "mute.asked", muted: true },
  { kind: "mute.asked", muted: false },
  { kind: "gain.asked", db: 3 },
  { kind: "chat.asked", text: "hello" },
  { kind: "card.opened", card },
  { kind: "card.failed", failure: busyCard },
  { kind: "card.lost", failure: { ...busyCard, code: "ENODEV" } },
  welcomed,
  welcomed,
  welcomed,
  { kind: "session.clients", clients: [{ id: 3, name: "Ann", instrument: "Flute", city: "Ulm" }] },
  { kind: "session.muted-by", clientIds: [3] },
  recording("yes"),
  recording("no"),
  recording("unknown"),
  enquired("yes"),
  enquired("no"),
  enquired("unknown"),
  { kind: "session.delay", pingMs: 20, delayMs: 35 },
  { kind: "session.heard", heard: true },
  { kind: "session.heard", heard: false },
  { kind: "session.playing" },
  { kind: "session.version", version: "3.9.1" },
  { kind: "session.welcome", text: "Be kind." },
  { kind: "session.licence-asked" },
  { kind: "session.chat", text: "Ann: hello" },
  { kind: "session.disclosed", disclosure: { what: "profile", to: "192.0.2.1", atMs: 5 } },
  ended("left"),
  ended("left"),
  ended("no-answer"),
  ended("silent"),
  ended("full"),
  { kind: "session.ended", reason: { kind: "not-found", host: "nowhere.example" } },
];

/** What the outside world knows, from nothing but the effects it was given. */
class World {
  muted = false;
  readonly timers = new Set<TimerName>();
  /** The card was asked to open and has not answered. */
  cardAsked = false;

  take(effects: readonly Effect[], before: State): void {
    for (const effect of effects) {
      if (effect.kind === "audio.mute") {
        assert.notEqual(effect.muted, this.muted, "an audio.mute that changes nothing");
        this.muted = effect.muted;
      } else if (effect.kind === "timer.set") this.timers.add(effect.timer);
      else if (effect.kind === "timer.clear") this.timers.delete(effect.timer);
      else if (effect.kind === "card.open") this.cardAsked = true;
      else if (effect.kind === "session.start") {
        assert.ok(!inSession(before), "a second session beside the first");
      }
    }
    assert.ok(effects.filter((effect) => effect.kind === "session.start").length <= 1);
  }
}

describe("random walk", () => {
  for (const policy of ["notify", "mute-until-ack", "refuse"] as const) {
    it(`never contradicts itself under ${policy}`, () => walk(policy, 40_000));
  }

  it("comes to its end whenever it is asked to stop", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      let state = fresh("mute-until-ack");
      const happen = (happening: Happening) => {
        const next = transition(state, { ...happening, atMs: seed });
        state = next.state;
        return next.effects.filter((effect) => effect.kind === "box.stop").length;
      };
      for (let n = 0; n < 50; n++) happen(random.pick(happenings));
      const wanted = state.wanted;
      let stops = happen({ kind: "stop.asked" });
      for (let n = 0; n < 200; n++) stops += happen(random.pick(happenings));
      assert.equal(stops, 1, `seed ${seed}`);
      assert.equal(state.wanted, wanted);
    }
  });
});

function walk(policy: RecordingPolicy, events: number): void {
  const random = new Random(20);
  const world = new World();
  const visited = new Set<string>();
  let state = fresh(policy);
  let atMs = 0;
  for (let n = 0; n < events; n++) {
    const happening = random.pick(happenings);
    // A timer that was not set does not fire, and one that fires is set no longer.
    if (happening.kind === "timer.fired" && !world.timers.delete(happening.timer)) continue;
    atMs += random.next() * 1000;
    if (happening.kind.startsWith("card.")) world.cardAsked = false;
    const next = transition(state, { ...happening, atMs });
    const where = `event ${n}, ${happening.kind} in ${state.connection.kind}`;
    world.take(next.effects, endedBy(state, happening));
    checkWorld(next.state, world, where);
    checkView(next.state, where);
    state = next.state;
    visited.add(state.connection.kind);
  }
  assert.deepEqual([...visited].sort(), ["connected", "connecting", "idle", "leaving", "waiting"]);
}

/** The state as it is for a session that may start now: one that has just ended is no longer there. */
function endedBy(state: State, happening: Happening): State {
  const over =
    happening.kind === "session.ended" || (happening.kind === "timer.fired" && happening.timer === "leave");
  return over && state.connection.kind === "leaving" ? { ...state, connection: { kind: "idle" } } : state;
}

function inSession({ connection }: State): boolean {
  return connection.kind === "connecting" || connection.kind === "connected" || connection.kind === "leaving";
}

function checkWorld(state: State, world: World, where: string): void {
  const { connection, engine, privacy, muted, wanted } = state;
  assert.equal(world.muted, isMuted(muted), `the engine's mute: ${where}`);
  assert.equal(world.timers.has("retry"), connection.kind === "waiting", `retry timer: ${where}`);
  assert.equal(world.timers.has("leave"), connection.kind === "leaving", `leave timer: ${where}`);
  if (engine.kind === "failed") assert.ok(world.timers.has("card-retry") || world.cardAsked, where);
  if (connection.kind === "idle") assert.equal(wanted, null, where);
  if (connection.kind !== "idle" && connection.kind !== "leaving")
    assert.deepEqual(wanted, connection.server, where);
  if (!inSession(state)) {
    assert.equal(privacy.recording, "unknown", where);
    assert.ok(!muted.consent && !muted.licence, where);
  }
  if (privacy.consent === "muted-until-acknowledged") assert.ok(muted.consent, where);
  if (state.recordingPolicy === "refuse") {
    assert.ok(!(connection.kind === "connected" && privacy.recording === "yes"), where);
  }
}

function checkView(state: State, where: string): void {
  const { leds, display } = panelView(state);
  const { connection, engine, privacy, muted } = state;
  const text = display.map((line) => line.text);
  assert.equal(leds.link === "fast-blink", engine.kind === "failed", where);
  if (engine.kind !== "failed") assert.equal(leds.link === "on", connection.kind === "connected", where);
  assert.equal(leds.rec === "on", connection.kind === "connected" && privacy.recording === "yes", where);
  assert.equal(
    leds.rec === "short-flash",
    connection.kind === "connected" && privacy.recording === "unknown",
    where,
  );
  assert.equal(leds.mute !== "off", isMuted(muted), where);
  assert.equal(leds.mute === "slow-blink", openQuestion(state) !== null, where);
  if (leds.rec !== "on") assert.ok(!text.includes("REC"), where);
  assert.equal(text.includes("NOT REC") && privacy.recording !== "no", false, where);
  const height = display.reduce((sum, line) => sum + (line.size === "large" ? 16 : 8), 0);
  assert.ok(height <= 64 && display.length > 0, where);
  for (const line of display) assert.ok([...line.text].length <= (line.size === "large" ? 16 : 21), where);
}
