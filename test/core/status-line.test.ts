// What the service manager shows of a box: one line in words, and nobody's name in it.

import assert from "node:assert/strict";
import type { State } from "../../src/core/state.js";
import { statusLine } from "../../src/core/status-line.js";
import {
  busyCard,
  connected,
  connecting,
  ended,
  type Happening,
  idle,
  play,
  recording,
} from "../support/box-state.js";

const ann = { id: 3, name: "Ann", instrument: "Flute", city: "Ulm" };
const here: readonly Happening[] = [
  { kind: "session.clients", clients: [ann, { ...ann, id: 4, name: "Bob" }] },
  { kind: "session.heard", heard: true },
];
const absent = play(connecting(), {
  kind: "session.ended",
  reason: { kind: "not-found", host: "a.example" },
}).state;

const rows: readonly (readonly [State, string])[] = [
  [idle(), "idle"],
  [connecting(), "connecting"],
  [play(connected(), here, recording("no")).state, "connected, 2 here, recording: no"],
  [connected(), "connected, 0 here, recording: unknown, no sound from the server"],
  [absent, "waiting: not-found"],
  [play(connecting(), ended("full")).state, "waiting: full"],
  [play(absent, { kind: "link.changed", link: "down" }).state, "waiting: no network"],
  [
    play(idle(), { kind: "card.failed", failure: busyCard }).state,
    "idle, no sound card: Close the program that uses it.",
  ],
];

describe("the status line", () => {
  for (const [state, line] of rows) it(line, () => assert.equal(statusLine(state), line));
});
