// Joining, leaving, and coming back: start, event, expected.

import assert from "node:assert/strict";
import { isMuted } from "../../src/core/mute.js";
import { retryDelayMs } from "../../src/core/retry.js";
import type { State } from "../../src/core/state.js";
import {
  boot,
  club,
  connected,
  connecting,
  ended,
  enquired,
  fired,
  fresh,
  type Happening,
  hears,
  idle,
  kinds,
  play,
  pressConnect,
  pressMute,
  school,
  waiting,
  welcomed,
} from "../support/box-state.js";

interface Row {
  readonly name: string;
  readonly start: State;
  readonly event: Happening | readonly Happening[];
  readonly connection: State["connection"]["kind"];
  readonly wanted: string | null;
  /** Without log lines. */
  readonly effects: readonly string[];
}

const away = { kind: "no-answer" } as const;
const closed = play(connected(), ended("closed-by-server")).state;
const absent = play(connecting(), ended("no-answer")).state;
const probed = (answered: boolean, elsewhere = false): Happening => ({
  kind: "session.probed",
  answered,
  elsewhere,
});
const unheard = play(connected(), hears(true), hears(false)).state;
const link = (link: "up" | "down"): Happening => ({ kind: "link.changed", link });
const tried = ["timer.clear", "session.start"];
const leaving = play(connected(), pressConnect).state;
const ask = (server: typeof club | null): Happening => ({ kind: "connect.asked", server });
const leave = ["session.leave", "timer.set"];

const rows: readonly Row[] = [
  row("CONNECT joins", idle(), pressConnect, "connecting", "School", ["session.start", "wanted.store"]),
  row("CONNECT cancels", connecting(), pressConnect, "leaving", null, [...leave, "wanted.store"]),
  row("CONNECT leaves", connected(), pressConnect, "leaving", null, [...leave, "wanted.store"]),
  row("CONNECT gives up waiting", waiting(), pressConnect, "idle", null, [
    "timer.clear",
    "session.probe",
    "wanted.store",
  ]),
  row("CONNECT while leaving comes back", leaving, pressConnect, "leaving", "School", ["wanted.store"]),
  row("CONNECT without a server", fresh("notify", []), pressConnect, "idle", null, []),

  row("asked for the first", idle(), ask(null), "connecting", "School", ["session.start", "wanted.store"]),
  row("asked for another", connected(), ask(club), "leaving", "Jazz Club", [...leave, "wanted.store"]),
  row("asked for the same", connected(), ask({ ...school }), "connected", "School", []),
  row("asked while waiting tries now", waiting(), ask(school), "connecting", "School", [
    "timer.clear",
    "session.start",
  ]),
  row("asked to leave when idle", idle(), { kind: "disconnect.asked" }, "idle", null, []),

  row("the server answers", connecting(), welcomed, "connected", "School", []),
  row("an answer from nowhere", idle(), welcomed, "idle", null, []),
  row("the server is lost", connected(), ended("silent"), "waiting", "School", [
    "timer.set",
    "session.probe",
  ]),
  row("the server is full", connecting(), ended("full"), "waiting", "School", ["timer.set", "session.probe"]),
  row("a late goodbye of an older session", connecting(), ended("left"), "connecting", "School", []),
  row("retry", waiting(), fired("retry"), "connecting", "School", ["session.start"]),
  row("the server is back", absent, probed(true), "connecting", "School", tried),
  row("the server is still away", absent, probed(false), "waiting", "School", []),
  row("the server was there all the time", closed, probed(true), "waiting", "School", []),
  row(
    "the full server was restarted",
    waiting(),
    [probed(false), probed(true)],
    "connecting",
    "School",
    tried,
  ),
  row("the server was restarted", closed, [probed(false), probed(true)], "connecting", "School", tried),
  row("the server falls silent", play(connected(), hears(true)).state, hears(false), "connected", "School", [
    "session.probe",
  ]),
  row("the server has moved", unheard, probed(true, true), "connecting", "School", ["session.start"]),
  row("the server has not moved", unheard, probed(false), "connected", "School", []),
  row("a second server of that name", connected(), [hears(true), probed(true, true)], "connected", "School", [
    "session.probe",
  ]),
  row("the cable is in again", absent, [link("down"), link("up")], "connecting", "School", tried),
  row("the cable is out", absent, link("down"), "waiting", "School", []),
  row("a cable while playing", connected(), [link("down"), link("up")], "connected", "School", []),
  row("an answer to nobody", idle(), probed(true), "idle", null, []),
  row("a stale retry", connected(), fired("retry"), "connected", "School", []),
  row("gone", leaving, ended("left"), "idle", null, ["timer.clear"]),
  row("gone, the goodbye unheard", leaving, fired("leave"), "idle", null, []),
  row("lost while leaving", leaving, ended("silent"), "idle", null, ["timer.clear"]),
  row("a stale leave timer", connected(), fired("leave"), "connected", "School", []),
];

const say: Happening = { kind: "chat.asked", text: "hello" };
const hello: Happening = { kind: "session.chat", text: "Ann: hello" };

describe("connection", () => {
  for (const { name, start, event, connection, wanted, effects } of rows) {
    it(name, () => {
      const next = play(start, event);
      assert.equal(next.state.connection.kind, connection);
      assert.equal(next.state.wanted?.name ?? null, wanted);
      assert.deepEqual(kinds(next.effects), effects);
    });
  }

  it("goes from one server to another", () => {
    const { state, effects } = play(connected(), ask(club), ended("left"));
    assert.equal(state.connection.kind, "connecting");
    assert.deepEqual(effects.at(-1), { kind: "session.start", server: club });
  });

  it("counts attempts, waits longer each time, and starts anew once it was in", () => {
    const waits: number[] = [];
    let state = connecting();
    for (let attempt = 1; attempt <= 7; attempt++) {
      const waiting = play(state, ended("no-answer"));
      const { connection } = waiting.state;
      assert.equal(connection.kind === "waiting" && connection.attempt, attempt);
      waits.push(...waiting.effects.flatMap((effect) => (effect.kind === "timer.set" ? [effect.inMs] : [])));
      state = play(waiting.state, fired("retry")).state;
    }
    for (const [index, base] of [1000, 2000, 4000, 8000, 15000, 15000, 15000].entries()) {
      const wait = waits[index] ?? Number.NaN;
      assert.ok(wait >= base && wait <= base * 1.25, `wait ${index + 1} is ${wait} ms`);
    }
    state = play(state, welcomed, ended("silent")).state;
    assert.equal(state.connection.kind === "waiting" && state.connection.attempt, 1);
  });

  it("says why it waits", () => {
    const { state } = play(connecting(), ended("full"));
    assert.ok(state.connection.kind === "waiting");
    assert.deepEqual(state.connection.reason, { kind: "full" });
  });

  it("spreads the retries of many boxes, the same way each time", () => {
    const waits = Array.from({ length: 1000 }, (_, box) => retryDelayMs(1, away, 5000 + box * 0.37));
    assert.ok(new Set(waits).size > 200);
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
    assert.ok(mean > 1100 && mean < 1150, `mean ${mean}`);
    assert.equal(retryDelayMs(3, away, 77.5), retryDelayMs(3, away, 77.5));
  });

  it("begins its waits anew with the network, and goes on with them where the server answers but takes nobody", () => {
    const attempts = (state: State) => state.connection.kind === "connecting" && state.connection.attempt;
    const again = play(absent, fired("retry"), ended("no-answer")).state;
    assert.equal(attempts(play(again, probed(true)).state), 3);
    assert.equal(attempts(play(again, link("up")).state), 1);
    const deaf = play(again, fired("retry"), enquired("no"), ended("no-answer"), probed(true)).state;
    assert.equal(deaf.connection.kind, "waiting");
  });

  it("comes back to a full server every other second", () => {
    for (const attempt of [2, 3, 30]) {
      const wait = retryDelayMs(attempt, { kind: "full" }, 1234.5);
      assert.ok(wait >= 2000 && wait <= 2500, `${wait} ms`);
    }
  });

  it("logs a server's absence once", () => {
    const away = play(
      connecting(),
      ended("full"),
      fired("retry"),
      ended("full"),
      fired("retry"),
      ended("full"),
    );
    assert.equal(away.effects.filter((effect) => effect.kind === "log").length, 1);
  });

  it("joins the remembered server at boot", () => {
    const remembered = { server: club, muted: false };
    const { state, effects } = play(fresh(), { ...boot, remembered } as Happening);
    assert.equal(state.connection.kind, "connecting");
    assert.equal(isMuted(state.muted), false);
    assert.deepEqual(kinds(effects), ["card.open", "session.start", "wanted.store"]);
    assert.deepEqual(state.wanted, club);
  });

  it("keeps a musician muted over a crash or a power cut, from before the first packet on", () => {
    const muted = play(idle(), pressConnect, pressMute);
    const wish = { server: school, muted: true };
    assert.deepEqual(muted.effects.at(-1), { kind: "wanted.store", wish });
    const { state, effects } = play(fresh(), { ...boot, remembered: wish } as Happening);
    assert.equal(isMuted(state.muted), true);
    const order = kinds(effects);
    assert.ok(order.indexOf("audio.mute") < order.indexOf("session.start"), order.join());
    // Nobody is wanted: the press that ends that is made by a hand.
    assert.deepEqual(play(muted.state, pressConnect).effects.at(-1), { kind: "wanted.store", wish: null });
  });

  it("joins the first server at boot where that is configured", () => {
    const { state } = play(fresh(), { ...boot, connectOnBoot: true } as Happening);
    assert.deepEqual(state.wanted, school);
  });

  it("measures the time to the first sound from the press", () => {
    const { state } = play(
      idle(),
      pressConnect,
      welcomed,
      { kind: "session.playing" },
      { kind: "session.playing" },
    );
    assert.equal(state.connection.kind === "connected" && state.connection.joinMs, 2);
  });

  it("starts over with a server that lost its memory, without losing the time to first sound", () => {
    const news: Happening[] = [
      { kind: "session.playing" },
      { kind: "session.heard", heard: true },
      { kind: "session.clients", clients: [{ id: 3, name: "Ann", instrument: "", city: "" }] },
      { kind: "session.connected", clientId: 0 },
    ];
    const { state } = play(connected(), ...news);
    assert.ok(state.connection.kind === "connected");
    const { clientId, clients, heard, joinMs } = state.connection;
    assert.deepEqual(
      { clientId, clients, heard, joinMs: joinMs !== null },
      { clientId: 0, clients: [], heard: true, joinMs: true },
    );
  });

  it("says only to a session, and forgets what was said with it", () => {
    const chatty = fresh("notify", [school], true);
    const inside = play(chatty, boot, pressConnect, welcomed).state;
    assert.deepEqual(kinds(play(chatty, say).effects), []);
    assert.deepEqual(kinds(play(inside, say).effects), ["session.say"]);
    const chatted = play(inside, hello);
    assert.equal(chatted.state.chat, "Ann: hello");
    assert.equal(play(chatted.state, ended("silent")).state.chat, null);
  });

  it("neither says nor hears anything where chat is off", () => {
    const inside = connected();
    assert.deepEqual(play(inside, say), { state: inside, effects: [] });
    assert.deepEqual(play(inside, hello), { state: inside, effects: [] });
  });
});

describe("stopping", () => {
  const stop: Happening = { kind: "stop.asked" };

  it("stops at once where no session is", () => {
    assert.deepEqual(kinds(play(idle(), stop).effects), ["timer.clear", "box.stop"]);
    assert.equal(kinds(play(waiting(), stop).effects).at(-1), "box.stop");
  });

  it("says goodbye first, and keeps what is wanted for the next start", () => {
    const { state, effects } = play(connected(), stop);
    assert.deepEqual(kinds(effects), ["timer.clear", "session.leave", "timer.set"]);
    assert.deepEqual(state.wanted, school);
    assert.deepEqual(kinds(play(state, ended("left")).effects), ["timer.clear", "box.stop"]);
    assert.deepEqual(kinds(play(state, fired("leave")).effects), ["box.stop"]);
  });

  it("hears nothing else from then on", () => {
    const { state } = play(connected(), stop);
    for (const event of [pressConnect, stop, welcomed, { kind: "card.opened" }] as Happening[]) {
      assert.deepEqual(play(state, event), { state, effects: [] });
    }
  });
});

function row(
  name: string,
  start: State,
  event: Row["event"],
  connection: Row["connection"],
  wanted: string | null,
  effects: readonly string[],
): Row {
  return { name, start, event, connection, wanted, effects };
}
