// Being recorded, and licences: what is told, what is asked, and when the microphone is silent.

import assert from "node:assert/strict";
import type { Effect } from "../../src/core/effect.js";
import { recordingNow } from "../../src/core/privacy.js";
import type { State } from "../../src/core/state.js";
import {
  boot,
  connected,
  connecting,
  down,
  ended,
  enquired,
  fired,
  fresh,
  type Happening,
  hears,
  idle,
  kinds,
  orders,
  play,
  pressConnect,
  pressMute,
  recording,
  up,
  welcomed,
} from "../support/box-state.js";

describe("policy notify", () => {
  it("shows what the server says and changes nothing else", () => {
    const { state, effects } = play(connected("notify"), recording("yes"));
    assert.deepEqual(summary(state), { recording: "yes", consent: "notify", muted: false });
    assert.deepEqual(kinds(effects), []);
  });

  it("knows nothing again at each connect", () => {
    const told = play(connected("notify"), recording("yes")).state;
    for (const again of [
      play(told, welcomed),
      play(told, ended("silent")),
      play(told, ended("silent"), fired("retry")),
      play(told, ended("silent"), fired("retry"), welcomed),
    ]) {
      assert.equal(again.state.privacy.recording, "unknown");
    }
  });

  it("does not know any more once a server is not heard that said it does not record", () => {
    const told = play(connected("notify"), hears(true), recording("no")).state;
    assert.equal(recordingNow(told), "no");
    const unheard = play(told, hears(false)).state;
    assert.equal(recordingNow(unheard), "unknown");
    assert.equal(recordingNow(play(unheard, hears(true)).state), "no");
    assert.equal(recordingNow(play(unheard, recording("yes")).state), "yes");
  });

  it("hears nothing of recording outside a session", () => {
    assert.equal(play(idle(), recording("yes")).state.privacy.recording, "unknown");
    assert.equal(play(connecting(), recording("yes")).state.privacy.recording, "unknown");
  });
});

describe("policy mute-until-ack", () => {
  const asked = play(connected("mute-until-ack"), recording("yes"));

  it("mutes when recording starts", () => {
    assert.deepEqual(summary(asked.state), {
      recording: "yes",
      consent: "muted-until-acknowledged",
      muted: true,
    });
    assert.deepEqual(orders(asked.effects), [{ kind: "audio.mute", muted: true }]);
  });

  it("takes the press as the answer, and remembers when it came", () => {
    const { state, effects } = play(asked.state, pressMute);
    assert.deepEqual(summary(state), { recording: "yes", consent: "notify", muted: false });
    assert.equal(state.privacy.acknowledgedAtMs, 1001);
    assert.deepEqual(orders(effects), [
      { kind: "audio.guard", armed: false },
      { kind: "audio.mute", muted: false },
    ]);
  });

  it("keeps the musician's own mute through the answer", () => {
    const { state, effects } = play(connected("mute-until-ack"), pressMute, recording("yes"), pressMute);
    assert.deepEqual(state.muted, { musician: true, consent: false, licence: false });
    assert.deepEqual(kinds(effects), ["audio.mute", "wanted.store", "audio.guard"]);
  });

  it("takes no press for the answer that began before the question", () => {
    const start = connected("mute-until-ack");
    const caught = play(start, down("mute"), recording("yes"), up("mute")).state;
    assert.deepEqual(caught.muted, { musician: true, consent: true, licence: false });
    assert.equal(caught.privacy.acknowledgedAtMs, null);
    assert.equal(play(caught, pressMute).state.privacy.consent, "notify");
    // A question that went away under the finger leaves nothing to answer, and nobody meant to mute.
    const late = play(start, recording("yes"), down("mute"), recording("no"), up("mute")).state;
    assert.deepEqual(late.muted, { musician: false, consent: false, licence: false });
  });

  it("does not ask twice for one recording, but for the next", () => {
    const answered = play(asked.state, pressMute, recording("yes")).state;
    assert.equal(answered.muted.consent, false);
    assert.equal(play(answered, recording("no"), recording("yes")).state.muted.consent, true);
  });

  it("lets go when recording stops", () => {
    const { state, effects } = play(asked.state, recording("no"));
    assert.deepEqual(summary(state), { recording: "no", consent: "notify", muted: false });
    assert.deepEqual(kinds(effects), ["audio.mute"]);
  });

  it("stays silent through a server that lost its memory, until it says no", () => {
    const restarted = play(asked.state, welcomed).state;
    assert.deepEqual(summary(restarted), {
      recording: "unknown",
      consent: "muted-until-acknowledged",
      muted: true,
    });
    assert.equal(play(restarted, recording("no")).state.muted.consent, false);
  });

  it("asks anew after a server lost its memory of an answered recording", () => {
    const restarted = play(asked.state, pressMute, welcomed, recording("yes")).state;
    assert.equal(restarted.muted.consent, true);
  });

  it("asks before joining, where the enquiry tells, and takes the answer along", () => {
    const before = play(connecting("mute-until-ack"), enquired("yes")).state;
    assert.equal(before.muted.consent, true);
    const joined = play(before, pressMute, welcomed, recording("yes")).state;
    assert.equal(joined.muted.consent, false);
  });

  it("is over with the session", () => {
    assert.equal(play(asked.state, ended("silent")).state.muted.consent, false);
  });
});

describe("policy refuse", () => {
  it("mutes first, then leaves, and wants nobody", () => {
    const { state, effects } = play(connected("refuse"), recording("yes"));
    assert.deepEqual(kinds(effects), ["audio.mute", "session.leave", "timer.set", "wanted.store"]);
    assert.deepEqual(effects[0], { kind: "audio.mute", muted: true });
    assert.equal(state.wanted, null);
    assert.equal(state.connection.kind, "leaving");
  });

  it("never joins a server known to record", () => {
    const { state } = play(connecting("refuse"), enquired("yes"), ended("left"));
    assert.equal(state.connection.kind, "idle");
    assert.equal(state.privacy.consent, "refused");
    assert.equal(state.muted.consent, false);
  });

  it("lets nothing but the enquiry go to a server known to record", () => {
    const { state, effects } = play(connecting("refuse"), enquired("yes"));
    assert.deepEqual(kinds(effects), ["audio.mute", "session.leave", "timer.set", "wanted.store"]);
    assert.deepEqual(play(state, welcomed, recording("yes")), { state, effects: [] });
  });

  it("joins one that may record, but does not", () => {
    const { state } = play(connecting("refuse"), enquired("no"), welcomed, recording("no"));
    assert.equal(state.connection.kind, "connected");
    assert.equal(state.privacy.serverMayRecord, "yes");
  });

  it("forgets the refusal at the next press", () => {
    const { state } = play(connected("refuse"), recording("yes"), ended("left"), pressConnect);
    assert.equal(state.privacy.consent, "notify");
  });
});

describe("the guard of the audio thread", () => {
  const guard = (effects: readonly Effect[]) =>
    effects.flatMap((effect) => (effect.kind === "audio.guard" ? [effect.armed] : []));

  it("is armed from the start, unless being told is enough", () => {
    assert.deepEqual(guard(play(fresh("mute-until-ack"), boot).effects), [true]);
    assert.deepEqual(guard(play(fresh("refuse"), boot, pressConnect, welcomed).effects), [true]);
    assert.deepEqual(
      guard(play(fresh("notify"), boot, pressConnect, welcomed, recording("yes")).effects),
      [],
    );
  });

  it("is off while the musician has agreed to this recording, in this session", () => {
    const agreed = play(connected("mute-until-ack"), recording("yes"), pressMute);
    assert.deepEqual(guard(agreed.effects), [false]);
    for (const over of [recording("no"), welcomed, ended("silent"), pressConnect]) {
      assert.deepEqual(guard(play(agreed.state, over).effects), [true]);
    }
    assert.deepEqual(guard(play(agreed.state, recording("yes"), recording("unknown")).effects), []);
  });

  it("is disarmed before the microphone opens, and armed with it closed", () => {
    const asked = play(connected("mute-until-ack"), recording("yes")).state;
    assert.deepEqual(orders(play(asked, pressMute).effects), [
      { kind: "audio.guard", armed: false },
      { kind: "audio.mute", muted: false },
    ]);
  });
});

describe("the way to the server", () => {
  const tunnel = (encrypted: boolean): Happening => ({ kind: "path.encrypted", encrypted });

  it("is not encrypted until it is known to be, and again at each connect", () => {
    const safe = play(connecting(), tunnel(true), welcomed).state;
    assert.equal(safe.privacy.encrypted, "yes");
    assert.equal(play(safe, welcomed).state.privacy.encrypted, "yes");
    assert.equal(play(safe, tunnel(false)).state.privacy.encrypted, "no");
    assert.equal(play(safe, ended("silent")).state.privacy.encrypted, "no");
    assert.equal(play(safe, pressConnect).state.privacy.encrypted, "no");
  });

  it("means nothing where no server is", () => {
    assert.equal(play(idle(), tunnel(true)).state.privacy.encrypted, "no");
  });
});

describe("licence", () => {
  const licence: Happening = { kind: "session.licence-asked" };

  it("mutes until the press, once a session", () => {
    const asked = play(connected(), licence);
    assert.deepEqual(orders(asked.effects), [{ kind: "audio.mute", muted: true }]);
    const agreed = play(asked.state, pressMute, licence);
    assert.deepEqual(agreed.state.muted, { musician: false, consent: false, licence: false });
    assert.equal(
      play(agreed.state, ended("silent"), fired("retry"), welcomed, licence).state.muted.licence,
      true,
    );
  });

  it("lets no sound through before the server that asked is left for another address", () => {
    const unheard = play(
      connected(),
      licence,
      { kind: "session.heard", heard: true },
      { kind: "session.heard", heard: false },
    );
    const { effects } = play(unheard.state, { kind: "session.probed", answered: true, elsewhere: true });
    assert.deepEqual(kinds(effects), ["session.start", "audio.mute"]);
  });

  it("is one question, recording another: one press answers one", () => {
    const both = play(connected("mute-until-ack"), licence, recording("yes"), pressMute);
    assert.deepEqual(both.state.muted, { musician: false, consent: true, licence: false });
    assert.deepEqual(play(both.state, pressMute).state.muted, {
      musician: false,
      consent: false,
      licence: false,
    });
  });
});

describe("the musician's mute", () => {
  it("toggles by the press and is set by the socket", () => {
    const muted = play(idle(), pressMute);
    assert.deepEqual(orders(muted.effects), [{ kind: "audio.mute", muted: true }]);
    assert.deepEqual(orders(play(muted.state, pressMute).effects), [{ kind: "audio.mute", muted: false }]);
    assert.deepEqual(play(muted.state, { kind: "mute.asked", muted: true }).effects, []);
    assert.equal(play(muted.state, { kind: "mute.asked", muted: false }).state.muted.musician, false);
  });

  it("outlives sessions", () => {
    const { state } = play(connected(), pressMute, ended("silent"), fired("retry"), welcomed);
    assert.equal(state.muted.musician, true);
  });
});

describe("the enquiry", () => {
  it("tells the server's habits, until the next connect", () => {
    const { state } = play(connecting(), enquired("unknown"), welcomed);
    assert.equal(state.privacy.serverLogs, "yes");
    assert.equal(play(state, ended("silent"), fired("retry")).state.privacy.serverLogs, "unknown");
  });

  it("counts less than what the session says", () => {
    assert.equal(play(connected(), recording("no"), enquired("yes")).state.privacy.recording, "no");
    assert.equal(play(connected(), enquired("yes")).state.privacy.recording, "yes");
    assert.equal(play(idle(), enquired("yes")).state.privacy.recording, "unknown");
  });
});

describe("the ledger", () => {
  it("has one line for each thing told to each party, with the first time", () => {
    const tell = (to: string, atMs: number): Happening => ({
      kind: "session.disclosed",
      disclosure: { what: "profile", to, atMs },
    });
    const { state } = play(connected(), tell("a", 1), tell("b", 2), tell("a", 3));
    assert.deepEqual(state.privacy.disclosed, [
      { what: "profile", to: "a", atMs: 1 },
      { what: "profile", to: "b", atMs: 2 },
    ]);
    const full = play(state, ...Array.from({ length: 300 }, (_, n) => tell(`server ${n}`, n))).state;
    assert.equal(full.privacy.disclosed.length, 200);
    assert.equal(full.privacy.disclosed.at(-1)?.to, "server 299");
  });
});

function summary(state: State) {
  const { recording, consent } = state.privacy;
  return { recording, consent, muted: state.muted.consent };
}
