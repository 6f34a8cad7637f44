// A hundred thousand events in random order: whatever happens, the box never contradicts itself.

import assert from "node:assert/strict";
import { isGuarded, openQuestion } from "../../src/core/consent.js";
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
  { kind: "box.started", connectOnBoot: true, remembered: { server: club, muted: true } },
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
  { kind: "session.probed", answered: true, elsewhere: false },
  { kind: "session.probed", answered: false, elsewhere: false },
  { kind: "session.probed", answered: true, elsewhere: true },
  { kind: "update.told", update: { state: "writing", version: "0.2.0", percent: 40 } },
  { kind: "update.told", update: { state: "done", version: "0.2.0" } },
  { kind: "update.told", update: null },
  { kind: "link.changed", link: "up" },
  { kind: "link.changed", link: "down" },
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
  armed = false;
  /** Somebody asks whether a server is there. */
  probing = false;
  readonly timers = new Set<TimerName>();
  /** The card was asked to open and has not answered. */
  cardAsked = false;

  take(effects: readonly Effect[], before: State): void {
    for (const effect of effects) {
      if (effect.kind === "audio.mute") {
        assert.notEqual(effect.muted, this.muted, "an audio.mute that changes nothing");
        this.muted = effect.muted;
      } else if (effect.kind === "audio.guard") {
        assert.notEqual(effect.armed, this.armed, "an audio.guard that changes nothing");
        this.armed = effect.armed;
      } else if (effect.kind === "timer.set") this.timers.add(effect.timer);
      else if (effect.kind === "timer.clear") this.timers.delete(effect.timer);
      else if (effect.kind === "card.open") this.cardAsked = true;
      else if (effect.kind === "session.probe") this.probing = effect.server !== null;
      else if (effect.kind === "session.leave") this.probing = false;
      else if (effect.kind === "session.start") {
        this.probing = false;
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

  it("comes to its end whenever it is asked to stop, or held for long enough", () => {
    const ways = new Set<string>();
    for (let seed = 1; seed <= 200; seed++) {
      const random = new Random(seed);
      const world = new World();
      const stops: boolean[] = [];
      let state = fresh("mute-until-ack");
      const happen = (happening: Happening) => {
        if (happening.kind === "timer.fired" && !world.timers.delete(happening.timer)) return;
        const next = transition(state, { ...happening, atMs: seed });
        world.take(next.effects, endedBy(state, happening));
        state = next.state;
        for (const effect of next.effects) if (effect.kind === "box.stop") stops.push(effect.powerOff);
      };
      for (let n = 0; n < 50 && state.stopping === "no"; n++) happen(random.pick(happenings));
      const byHand = seed % 2 === 0;
      if (byHand && state.touch.kind === "one") happen(up(state.touch.button));
      const { wanted } = state;
      const ends = byHand ? [down("connect"), fired("long-hold")] : [{ kind: "stop.asked" } as const];
      for (const end of state.stopping === "no" && state.touch.kind !== "spoilt" ? ends : []) happen(end);
      if (state.stopping === "no") continue;
      for (let n = 0; n < 2000; n++) happen(random.pick(happenings));
      assert.deepEqual(stops, [state.stopping === "power-off"], `seed ${seed}`);
      assert.equal(state.wanted, wanted);
      ways.add(state.stopping);
    }
    assert.deepEqual([...ways].sort(), ["power-off", "stop"]);
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
    const next = transition(state, { ...happening, atMs });
    if (next.state.stopping !== "no") {
      // Nobody holds CONNECT for that long here: there is no way back.
      if (happening.kind === "timer.fired") world.timers.add(happening.timer);
      continue;
    }
    if (happening.kind.startsWith("card.")) world.cardAsked = false;
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
  // The session cuts the one before short by itself.
  const isMoved =
    happening.kind === "session.probed" && happening.elsewhere && state.connection.kind === "connected";
  if (isMoved) return { ...state, connection: { kind: "idle" } };
  const over =
    happening.kind === "session.ended" || (happening.kind === "timer.fired" && happening.timer === "leave");
  return over && state.connection.kind === "leaving" ? { ...state, connection: { kind: "idle" } } : state;
}

function inSession({ connection }: State): boolean {
  return connection.kind === "connecting" || connection.kind === "connected" || connection.kind === "leaving";
}

function checkWorld(state: State, world: World, where: string): void {
  const { connection, engine, privacy, muted, wanted, touch } = state;
  const one = touch.kind === "one" ? touch : null;
  assert.equal(world.timers.has("hold"), one?.reached === "press", `hold timer: ${where}`);
  assert.equal(
    world.timers.has("long-hold"),
    one?.button === "connect" && one.reached !== "long-hold",
    `long hold timer: ${where}`,
  );
  assert.equal(world.timers.has("confirm"), state.confirming, `confirm timer: ${where}`);
  assert.equal(world.timers.has("page"), state.page !== null, `page timer: ${where}`);
  assert.equal(world.armed, isGuarded(state), `guard: ${where}`);
  if (muted.consent && privacy.consent !== "refused") assert.ok(world.armed, `guard at a question: ${where}`);
  assert.equal(world.muted, isMuted(muted), `the engine's mute: ${where}`);
  assert.equal(world.timers.has("retry"), connection.kind === "waiting", `retry timer: ${where}`);
  const isAway = connection.kind === "waiting" && connection.reason.kind !== "full";
  if (isAway) assert.ok(world.probing, `probe: ${where}`);
  const isUnheard = connection.kind === "connected" && !connection.heard;
  if (world.probing) assert.ok(isAway || isUnheard, `no probe: ${where}`);
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
  const going = connection.kind === "connecting" || connection.kind === "connected";
  const text = display.map((line) => line.text);
  assert.equal(leds.link === "triple-blink", state.confirming, where);
  if (!state.confirming) {
    assert.equal(leds.link === "fast-blink", engine.kind === "failed", where);
    if (engine.kind !== "failed") assert.equal(leds.link === "on", connection.kind === "connected", where);
  }
  assert.equal(leds.rec === "on", going && privacy.recording === "yes", where);
  const isOld = connection.kind === "connected" && !connection.heard && privacy.recording === "no";
  assert.equal(leds.rec === "short-flash", going && (isOld || privacy.recording === "unknown"), where);
  assert.ok(!going || privacy.encrypted === "yes" || text.includes("Not encrypted"), where);
  assert.equal(leds.mute !== "off", isMuted(muted), where);
  assert.equal(leds.mute === "slow-blink", openQuestion(state) !== null, where);
  if (leds.rec !== "on") assert.ok(!text.includes("REC"), where);
  assert.equal(text.includes("NOT REC") && (isOld || privacy.recording !== "no"), false, where);
  const height = display.reduce((sum, line) => sum + (line.size === "large" ? 16 : 8), 0);
  assert.ok(height <= 64 && display.length > 0, where);
  for (const line of display) assert.ok([...line.text].length <= (line.size === "large" ? 16 : 21), where);
}
