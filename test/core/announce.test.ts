// What the voice says, change by change; and what it must never say.

import assert from "node:assert/strict";
import type { State } from "../../src/core/state.js";
import {
  connected,
  connecting,
  down,
  ended,
  enquired,
  fired,
  type Happening,
  idle,
  play,
  pressConnect,
  pressMute,
  recording,
  said,
  waiting,
  welcomed,
} from "../support/box-state.js";

const licence: Happening = { kind: "session.licence-asked" };
const asking = () => connected("mute-until-ack");

type Row = readonly [
  name: string,
  start: State,
  happenings: readonly (Happening | readonly Happening[])[],
  prompts: readonly string[],
];

const rows: readonly Row[] = [
  ["joined", connecting(), [welcomed], ["connected"]],
  ["left", connected(), [pressConnect, ended("left")], ["left"]],
  ["gave up joining", connecting(), [pressConnect], ["left"]],
  ["gave up waiting", waiting(), [pressConnect], ["left"]],
  ["changed its mind while leaving", connected(), [pressConnect, pressConnect], ["left"]],
  [
    "lost, and found",
    connected(),
    [ended("silent"), fired("retry"), welcomed],
    ["connection-lost", "connected"],
  ],
  ["full", connecting(), [ended("full")], ["server-full"]],
  ["no answer", connecting(), [ended("no-answer")], ["not-connected"]],
  [
    "no answer, again and again",
    waiting(),
    [fired("retry"), ended("no-answer"), fired("retry"), ended("full")],
    [],
  ],
  ["goes to the next", connected(), [down("connect"), fired("hold")], ["next-server"]],

  ["no recorder, told", connected(), [recording("no"), recording("no")], ["recording-off"]],
  ["no recorder, not told", connected(), [recording("unknown")], []],
  ["recorded from the start", connected(), [recording("yes"), recording("yes")], ["recording-on"]],
  [
    "recorder started and stopped",
    connected(),
    [recording("no"), recording("yes"), recording("no")],
    ["recording-off", "recording-started", "recording-stopped"],
  ],
  [
    "recorder not known any more",
    connected(),
    [recording("no"), recording("unknown")],
    ["recording-off", "recording-unknown"],
  ],
  ["server restarted", connected(), [recording("yes"), welcomed], ["recording-on", "recording-unknown"]],
  [
    "server restarted while the question is open",
    asking(),
    [recording("yes"), welcomed, recording("yes"), welcomed, recording("no")],
    [
      "recording-on-muted",
      "recording-unknown",
      "recording-on",
      "recording-unknown",
      "recording-off",
      "unmuted",
    ],
  ],
  [
    "lost while recorded",
    connected(),
    [recording("yes"), ended("silent")],
    ["recording-on", "connection-lost"],
  ],
  [
    "told before joining",
    connecting(),
    [enquired("yes"), welcomed, recording("yes")],
    ["connected", "recording-on"],
  ],

  [
    "asked at the start, and agreed",
    asking(),
    [recording("yes"), pressMute],
    ["recording-on-muted", "unmuted"],
  ],
  [
    "asked later",
    asking(),
    [recording("no"), recording("yes")],
    ["recording-off", "recording-started-muted"],
  ],
  [
    "asked, and recording stops",
    asking(),
    [recording("yes"), recording("no")],
    ["recording-on-muted", "recording-stopped", "unmuted"],
  ],
  [
    "asked, then lost",
    asking(),
    [recording("yes"), ended("silent")],
    ["recording-on-muted", "connection-lost"],
  ],
  ["asked, then left", asking(), [recording("yes"), pressConnect], ["recording-on-muted", "left"]],
  [
    "asked before joining: once",
    connecting("mute-until-ack"),
    [enquired("yes"), welcomed, recording("yes")],
    ["recording-on-muted", "connected", "recording-on"],
  ],
  [
    "asked before joining, in vain, the second time too",
    waiting("mute-until-ack"),
    [fired("retry"), enquired("yes"), ended("no-answer"), fired("retry"), ended("no-answer")],
    ["recording-on-muted", "not-connected"],
  ],
  [
    "agreed before joining: told again",
    connecting("mute-until-ack"),
    [enquired("yes"), pressMute, welcomed, recording("yes")],
    ["recording-on-muted", "unmuted", "connected", "recording-on"],
  ],
  [
    "asked while muted by hand: agreeing does not unmute",
    asking(),
    [pressMute, recording("yes"), pressMute, pressMute],
    ["muted", "recording-on-muted", "muted", "unmuted"],
  ],
  ["asked about a licence", connected(), [licence, pressMute], ["licence", "unmuted"]],
  [
    "asked about both",
    asking(),
    [licence, recording("yes"), pressMute, pressMute],
    ["licence", "recording-on", "recording-on-muted", "unmuted"],
  ],
  [
    "asked about both by a server that lost its memory",
    asking(),
    [recording("yes"), licence, welcomed, pressMute, pressMute],
    ["recording-on-muted", "licence", "recording-unknown", "still-muted", "unmuted"],
  ],
  ["refused in the session", connected("refuse"), [recording("yes"), ended("left")], ["recording-refused"]],
  ["refused before", connecting("refuse"), [enquired("yes"), ended("left")], ["recording-refused"]],

  ["muted and unmuted", connected(), [pressMute, pressMute], ["muted", "unmuted"]],
  ["muted before joining", idle(), [pressMute, pressMute], ["muted", "unmuted"]],
  [
    "told twice to mute",
    connected(),
    [
      { kind: "mute.asked", muted: true },
      { kind: "mute.asked", muted: true },
    ],
    ["muted"],
  ],
  [
    "unmuted by the socket, not by the question",
    asking(),
    [pressMute, recording("yes"), { kind: "mute.asked", muted: false }],
    ["muted", "recording-on-muted", "still-muted"],
  ],
  ["stopped by the system", connected(), [{ kind: "stop.asked" }, ended("left")], []],
  [
    "shut down by hand",
    connected(),
    [down("connect"), fired("long-hold"), ended("left"), fired("power-off")],
    ["shutting-down"],
  ],
];

describe("the voice", () => {
  for (const [name, start, happenings, prompts] of rows) {
    it(`${name}: ${prompts.join(", ") || "nothing"}`, () => {
      assert.deepEqual(said(play(start, ...happenings).effects), prompts);
    });
  }
});
