// Holding CONNECT: the next server, and where that leads from wherever the box is; and the end, by holding on.

import assert from "node:assert/strict";
import type { State } from "../../src/core/state.js";
import {
  boot,
  club,
  connected,
  connecting,
  down,
  ended,
  fired,
  fresh,
  type Happening,
  idle,
  orders,
  play,
  pressConnect,
  recording,
  said,
  school,
  up,
  waiting,
} from "../support/box-state.js";

const hold = [down("connect"), fired("hold")];
const letGo: Happening[] = [fired("confirm"), up("connect")];
const holdOn = [...hold, fired("confirm"), fired("long-hold")];

describe("the next server", () => {
  it("is what the next press joins; after the last comes the first", () => {
    const once = play(idle(), hold, letGo);
    assert.deepEqual(orders(once.effects), [{ kind: "timer.set", timer: "confirm", inMs: 1000 }]);
    assert.deepEqual(said(once.effects), ["next-server"]);
    assert.equal(once.state.connection.kind, "idle");
    assert.deepEqual(play(once.state, pressConnect).state.wanted, club);
    assert.deepEqual(play(once.state, hold, letGo, pressConnect).state.wanted, school);
  });

  it("is chosen at once, and gone to when CONNECT is let go", () => {
    for (const start of [connecting(), connected()]) {
      const held = play(start, hold);
      assert.equal(held.state.connection, start.connection);
      const { state } = play(held.state, letGo, ended("left"));
      assert.ok(state.connection.kind === "connecting");
      assert.deepEqual([state.wanted, state.connection.server], [club, club]);
    }
    const { state } = play(waiting(), hold, letGo);
    assert.deepEqual(state.connection.kind === "connecting" && state.connection.server, club);
  });

  it("is not gone to where MUTE came between", () => {
    const { state } = play(connected(), hold, down("mute"), up("mute"), up("connect"));
    assert.deepEqual([state.connection.kind, state.wanted], ["connected", school]);
  });

  it("stays where the box is, where there is only one", () => {
    const only = play(fresh("notify", [school]), boot, pressConnect, {
      kind: "session.connected",
      clientId: 1,
    }).state;
    const { state, effects } = play(only, hold, letGo);
    assert.deepEqual(state, only);
    assert.deepEqual(orders(effects), [{ kind: "timer.set", timer: "confirm", inMs: 1000 }]);
  });

  it("is nothing where none is configured", () => {
    const none = play(fresh("notify", []), boot).state;
    const { state, effects } = play(none, hold, letGo);
    assert.deepEqual(state, none);
    assert.deepEqual([...orders(effects), ...said(effects)], []);
  });

  it("follows where the box was sent by other means", () => {
    const sent = play(idle(), { kind: "connect.asked", server: { ...club } }).state;
    assert.deepEqual(play(sent, pressConnect, ended("left"), pressConnect).state.wanted, club);
    const elsewhere = { name: "Elsewhere", address: "192.0.2.9" };
    const unlisted = play(idle(), { kind: "connect.asked", server: elsewhere }).state;
    assert.deepEqual(play(unlisted, pressConnect, ended("left"), pressConnect).state.wanted, school);
    const woken = play(fresh(), { ...boot, remembered: { server: club, muted: false } } as Happening).state;
    assert.deepEqual(play(woken, hold, letGo, ended("left")).state.wanted, school);
  });

  it("takes a refusal as read", () => {
    const refused = play(connected("refuse"), recording("yes"), ended("left")).state;
    assert.equal(refused.privacy.consent, "refused");
    assert.equal(play(refused, hold).state.privacy.consent, "notify");
  });
});

describe("the shutdown", () => {
  it("says goodbye, keeps what is wanted, has its say, and switches off", () => {
    const held = play(connected(), holdOn);
    assert.deepEqual(said(held.effects), ["next-server", "shutting-down"]);
    assert.deepEqual(orders(held.effects).slice(1), [
      { kind: "timer.clear", timer: "card-retry" },
      { kind: "session.leave" },
      { kind: "timer.set", timer: "leave", inMs: 500 },
    ]);
    assert.deepEqual(held.state.wanted, school);
    for (const gone of [ended("left"), fired("leave")]) {
      const left = play(held.state, up("connect"), gone);
      assert.deepEqual(orders(left.effects).at(-1), { kind: "timer.set", timer: "power-off", inMs: 4000 });
      assert.deepEqual(play(left.state, fired("power-off")).effects, [{ kind: "box.stop", powerOff: true }]);
    }
  });

  it("needs no session", () => {
    for (const start of [idle(), waiting()]) assert.deepEqual(lastOrder(start), "power-off");
  });

  it("is not to be stopped, nor made a stop that leaves the machine on", () => {
    const { state } = play(connected(), holdOn);
    for (const event of [pressConnect, { kind: "stop.asked" }, fired("hold")] as (
      | Happening
      | Happening[]
    )[]) {
      assert.deepEqual(play(state, event), { state, effects: [] });
    }
  });
});

function lastOrder(start: State): string | null {
  const last = orders(play(start, holdOn).effects).at(-1);
  return last?.kind === "timer.set" ? last.timer : null;
}
