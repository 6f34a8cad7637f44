// The three LEDs in every situation: link, REC, MUTE.

import assert from "node:assert/strict";
import type { State } from "../../src/core/state.js";
import { panelView } from "../../src/core/view.js";
import {
  busyCard,
  club,
  connected,
  connecting,
  down,
  ended,
  enquired,
  fired,
  type Happening,
  hears,
  idle,
  play,
  pressConnect,
  pressMute,
  recording,
  waiting,
} from "../support/box-state.js";

const busy: Happening = { kind: "card.failed", failure: busyCard };
const ask = (server: typeof club): Happening => ({ kind: "connect.asked", server });

const rows: readonly [name: string, state: State, link: string, rec: string, mute: string][] = [
  ["idle", idle(), "off", "off", "off"],
  ["joining", connecting(), "slow-blink", "short-flash", "off"],
  ["joining a server that records", play(connecting(), enquired("yes")).state, "slow-blink", "on", "off"],
  ["joining one that does not", play(connecting(), enquired("no")).state, "slow-blink", "off", "off"],
  ["joined, recording unknown", connected(), "on", "short-flash", "off"],
  ["not recorded", play(connected(), hears(true), recording("no")).state, "on", "off", "off"],
  ["not recorded when last heard", play(connected(), recording("no")).state, "on", "short-flash", "off"],
  ["recorded when last heard", play(connected(), recording("yes")).state, "on", "on", "off"],
  ["recorded", play(connected(), recording("yes")).state, "on", "on", "off"],
  ["waiting", waiting(), "double-blink", "off", "off"],
  [
    "lost while recorded",
    play(connected(), recording("yes"), ended("silent")).state,
    "double-blink",
    "off",
    "off",
  ],
  ["leaving", play(connected(), pressConnect).state, "off", "off", "off"],
  ["leaving for another", play(connected(), ask(club)).state, "slow-blink", "off", "off"],
  ["muted", play(connected(), hears(true), pressMute, recording("no")).state, "on", "off", "on"],
  [
    "asked about recording",
    play(connected("mute-until-ack"), recording("yes")).state,
    "on",
    "on",
    "slow-blink",
  ],
  [
    "asked while muted",
    play(connected("mute-until-ack"), pressMute, recording("yes")).state,
    "on",
    "on",
    "slow-blink",
  ],
  [
    "asked about a licence",
    play(connected(), { kind: "session.licence-asked" }).state,
    "on",
    "short-flash",
    "slow-blink",
  ],
  [
    "leaving while asked",
    play(connected("mute-until-ack"), recording("yes"), pressConnect).state,
    "off",
    "off",
    "on",
  ],
  ["choosing", play(idle(), down("connect"), fired("hold")).state, "triple-blink", "off", "off"],
  [
    "choosing in a session, without a card",
    play(connected(), hears(true), recording("no"), busy, down("connect"), fired("hold")).state,
    "triple-blink",
    "off",
    "off",
  ],
  [
    "chosen a second ago",
    play(connected(), hears(true), recording("no"), down("connect"), fired("hold"), fired("confirm")).state,
    "on",
    "off",
    "off",
  ],
  ["stopping without a card", play(connected(), busy, { kind: "stop.asked" }).state, "off", "off", "off"],
  [
    "shutting down",
    play(idle(), down("connect"), fired("hold"), fired("long-hold")).state,
    "off",
    "off",
    "off",
  ],
  ["refusing", play(connected("refuse"), recording("yes")).state, "off", "off", "on"],
  ["no card", play(idle(), busy).state, "fast-blink", "off", "off"],
  ["no card, recorded", play(connected(), recording("yes"), busy).state, "fast-blink", "on", "off"],
];

describe("LEDs", () => {
  for (const [name, state, link, rec, mute] of rows) {
    it(name, () => assert.deepEqual(panelView(state).leds, { link, rec, mute }));
  }
});
