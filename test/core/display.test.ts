// Every screen as a picture in text, and the words that are cut to fit; "#" marks large letters.

import assert from "node:assert/strict";
import { cut } from "../../src/core/display-lines.js";
import type { State } from "../../src/core/state.js";
import { panelView } from "../../src/core/view.js";
import {
  busyCard,
  connected,
  connecting,
  ended,
  enquired,
  fired,
  fresh,
  type Happening,
  idle,
  play,
  pressConnect,
  pressMute,
  recording,
  waiting,
} from "../support/box-state.js";

const ann = { id: 1, name: "Ann", instrument: "Flute", city: "Ulm" };
const ben = { id: 2, name: "Ben", instrument: "Drums", city: "" };
const self = { id: 3, name: "Us", instrument: "", city: "" };
const company: Happening[] = [
  { kind: "session.clients", clients: [ann, ben, self] },
  { kind: "session.delay", pingMs: 20, delayMs: 34.6 },
  { kind: "session.heard", heard: true },
];
const playing = play(connected("mute-until-ack"), ...company).state;
const busy: Happening = { kind: "card.failed", failure: busyCard };

describe("display", () => {
  shows("ready", idle(), ["#READY", "School", "Press CONNECT"]);
  shows("ready, muted", play(idle(), pressMute).state, ["#READY", "School", "Press CONNECT", "Muted"]);
  shows("no server", fresh("notify", []), ["#NO SERVER", "Name one in", "plugjam.toml under", "[[server]]."]);
  shows("joining", connecting(), ["#JOINING", "School"]);
  shows("joining again", play(waiting(), fired("retry")).state, ["#JOINING", "School", "Attempt 2"]);
  shows("joining a server that may record", play(connecting(), enquired("no")).state, [
    "#JOINING",
    "School",
    "It may record",
    "It keeps a log",
  ]);
  shows("just joined", connected(), ["#School", "#REC ?", "0 here", "No sound from server", "Not encrypted"]);
  shows("playing", play(playing, recording("no")).state, [
    "#School",
    "#NOT REC",
    "3 here, delay 35 ms",
    "Ann, Ben",
    "Not encrypted",
  ]);
  shows("recorded", play(playing, recording("yes"), pressMute).state, [
    "#School",
    "#REC",
    "3 here, delay 35 ms",
    "Ann, Ben",
    "Not encrypted",
  ]);
  shows("muted", play(playing, recording("no"), pressMute).state, [
    "#MUTED",
    "#NOT REC",
    "Press MUTE to play",
    "3 here, delay 35 ms",
    "Ann, Ben",
    "Not encrypted",
  ]);
  const asked = [
    "#RECORDING",
    "#MUTED",
    "The server keeps what",
    "you play. MUTE:",
    "agree. CONNECT:",
    "leave.",
  ];
  shows("asked about recording", play(playing, recording("yes")).state, asked);
  shows("asked about recording, without a card", play(playing, recording("yes"), busy).state, asked);
  shows("asked about a licence", play(playing, { kind: "session.licence-asked" }).state, [
    "#LICENCE",
    "#MUTED",
    "The server asks you",
    "to agree to its",
    "licence. MUTE: agree.",
    "CONNECT: leave.",
  ]);
  shows("waiting", waiting(), [
    "#WAITING",
    "School",
    "The server is full.",
    "Trying again.",
    "CONNECT: give up",
  ]);
  shows("leaving", play(connected(), pressConnect).state, ["#LEAVING", "School"]);
  const refused = ["#REFUSED", "The server records.", "This box plays only", "where nobody does."];
  shows("refused", play(connected("refuse"), recording("yes")).state, refused);
  shows("refused, and gone", play(connected("refuse"), recording("yes"), ended("left")).state, refused);
  const help = ["hw:1", "Device or resource…", "Close the program", "that uses it."];
  shows("no sound card", play(idle(), busy).state, ["#NO SOUND CARD", ...help]);
  shows("no sound card in a session", play(playing, busy).state, ["#NO SOUND CARD", "#REC ?", ...help]);
  shows("stopping", play(connected(), { kind: "stop.asked" }).state, ["#STOPPING"]);
});

describe("words cut to fit", () => {
  const rows: [string, number, string][] = [
    ["School", 16, "School"],
    ["Rehearsal room 4b", 16, "Rehearsal room…"],
    ["Musikschulverband", 16, "Musikschulverba…"],
    ["Ab cdefghijklmnop", 16, "Ab cdefghijklmn…"],
    ["🎺🎻🥁", 3, "🎺🎻🥁"],
    ["🎺🎻🥁🎹", 3, "🎺🎻…"],
  ];
  for (const [text, length, expected] of rows) {
    it(`${text} in ${length} letters`, () => assert.equal(cut(text, length), expected));
  }
});

function shows(name: string, state: State, expected: readonly string[]): void {
  it(`shows ${name}`, () => {
    const drawn = panelView(state).display.map(({ size, text }) => (size === "large" ? `#${text}` : text));
    assert.deepEqual(drawn, expected);
  });
}
