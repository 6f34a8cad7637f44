// Every screen as a picture in text, and the words that are cut to fit; "#" marks large letters.

import assert from "node:assert/strict";
import { cut } from "../../src/core/display-lines.js";
import type { Disclosure, State } from "../../src/core/state.js";
import type { Update } from "../../src/core/update.js";
import { panelView } from "../../src/core/view.js";
import {
  boot,
  busyCard,
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
  play,
  pressConnect,
  pressMute,
  recording,
  school,
  up,
  waiting,
  welcomed,
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
const chatty = play(fresh("notify", [school], true), pressConnect, welcomed, ...company, {
  kind: "session.chat",
  text: "Ann: shall we play the blues?",
}).state;
const hold = [down("connect"), fired("hold")];
const page = [down("mute"), fired("hold"), up("mute")];
const tunnel: Happening = { kind: "path.encrypted", encrypted: true };
const busy: Happening = { kind: "card.failed", failure: busyCard };

describe("display", () => {
  const ready = ["#READY", "School", "Press CONNECT", "Hold it: next server"];
  shows("ready", idle(), ready);
  shows("ready, muted", play(idle(), pressMute).state, [...ready, "Muted"]);
  shows("ready for the only one", play(fresh("notify", [school]), boot).state, ready.slice(0, 3));
  const trouble = {
    where: "plugjam.toml:7",
    key: "audio.period",
    what: "cannot be 9",
    sentences: ["plugjam.toml:7: audio.period: cannot be 9"],
  };
  shows(
    "a configuration that is not good",
    { ...idle(), configTrouble: { ...trouble, instead: "last-good" } },
    ["#FILE NOT GOOD", "plugjam.toml:7", "audio.period", "cannot be 9", "Settings: as before"],
  );
  shows(
    "a configuration that is not good, before the card that is missing",
    { ...play(idle(), busy).state, configTrouble: { ...trouble, instead: "last-good" } },
    ["#FILE NOT GOOD", "plugjam.toml:7", "audio.period", "cannot be 9", "Settings: as before"],
  );
  shows(
    "one that never was good, at length",
    {
      ...fresh("notify", []),
      configTrouble: {
        ...trouble,
        key: null,
        what: `not TOML: ${"unexpected token ".repeat(9)}`,
        instead: "defaults",
      },
    },
    [
      "#FILE NOT GOOD",
      "plugjam.toml:7",
      "not TOML: unexpected",
      "token unexpected",
      "token unexpected",
      "token unexpected…",
      "Settings: none yet",
    ],
  );
  shows(
    "a session, whatever the configuration",
    {
      ...connecting(),
      configTrouble: { ...trouble, instead: "last-good" },
    },
    panelView(connecting()).display.map(({ text, size }) => (size === "large" ? `#${text}` : text)),
  );
  shows("no server", fresh("notify", []), ["#NO SERVER", "Name one in", "plugjam.toml under", "[[server]]."]);
  shows("the next server, held", play(idle(), hold).state, [
    "#NEXT SERVER",
    "#Jazz Club",
    "Let go: choose it",
    "Hold on: shut down",
  ]);
  shows("the next server, held in a session", play(playing, hold).state, [
    "#NEXT SERVER",
    "#Jazz Club",
    "Let go: join it",
    "Hold on: shut down",
    "Not encrypted",
  ]);
  shows("the next server, chosen", play(idle(), hold, up("connect")).state, [
    "#READY",
    "Jazz Club",
    "Press CONNECT",
    "Hold it: next server",
  ]);
  shows("no next server", play(fresh("notify", []), boot, hold).state, [
    "#NO SERVER",
    "Name one in",
    "plugjam.toml under",
    "[[server]].",
    "Hold on: shut down",
  ]);
  const joining = ["School", "Recording: unknown", "Not encrypted"];
  shows("joining", connecting(), ["#JOINING", ...joining]);
  shows("joining again", play(waiting(), fired("retry")).state, ["#JOINING (2)", ...joining]);
  shows("joining a server that may record", play(connecting(), enquired("no"), pressMute).state, [
    "#JOINING",
    "School",
    "It is not recording",
    "It may record",
    "It keeps a log",
    "Muted",
    "Not encrypted",
  ]);
  shows("joining a server that records", play(connecting(), enquired("yes")).state, [
    "#JOINING",
    "School",
    "It is recording",
    "It may record",
    "It keeps a log",
    "Not encrypted",
  ]);
  shows("just joined", connected(), ["#School", "#REC ?", "No sound from server", "0 here", "Not encrypted"]);
  const who = ["3 here, delay 35 ms", "Ann, Ben"];
  shows("playing", play(playing, recording("no")).state, ["#School", "#NOT REC", ...who, "Not encrypted"]);
  shows("playing through a tunnel", play(playing, recording("no"), tunnel).state, [
    "#School",
    "#NOT REC",
    ...who,
  ]);
  shows("recorded", play(playing, recording("yes"), pressMute).state, [
    "#School",
    "#REC",
    ...who,
    "The operator keeps it",
    "Not encrypted",
  ]);
  shows("muted", play(playing, recording("no"), pressMute).state, [
    "#MUTED",
    "#NOT REC",
    "Press MUTE to play",
    ...who,
    "Not encrypted",
  ]);
  shows("muted by somebody", play(playing, { kind: "session.muted-by", clientIds: [2, 9] }).state, [
    "#School",
    "#REC ?",
    "Muted by Ben, (no…",
    ...who,
    "Not encrypted",
  ]);
  shows(
    "too much to show it all, most pressing first",
    play(
      playing,
      recording("yes"),
      pressMute,
      pressMute,
      { kind: "session.muted-by", clientIds: [1] },
      { kind: "session.heard", heard: false },
    ).state,
    ["#MUTED", "#REC", "Press MUTE to play", "Muted by Ann", "The operator keeps it", "Not encrypted"],
  );
  shows("chat", play(chatty, recording("no")).state, [
    "#School",
    "#NOT REC",
    ...who,
    "Ann: shall we play…",
    "Not encrypted",
  ]);
  const asked = [
    "#RECORDING",
    "#MUTED",
    "The operator keeps it",
    "MUTE: agree",
    "CONNECT: leave",
    "Not encrypted",
  ];
  const question = play(playing, recording("yes")).state;
  shows("asked about recording", question, asked);
  shows("asked about recording, without a card", play(question, busy).state, asked);
  shows("asked about recording, whatever is held", play(question, hold).state, asked);
  shows("asked about recording, over the privacy page", play(playing, page, recording("yes")).state, asked);
  shows("asked about recording, through a tunnel", play(question, tunnel).state, asked.slice(0, 5));
  shows("asked about recording by a server that lost its memory", play(question, welcomed).state, [
    "#RECORDING ?",
    "#MUTED",
    "It was recording",
    ...asked.slice(3),
  ]);
  shows("asked about a licence", play(playing, { kind: "session.licence-asked" }).state, [
    "#LICENCE",
    "#MUTED",
    "Do you agree to it?",
    "MUTE: agree",
    "CONNECT: leave",
    "Not encrypted",
  ]);
  shows("waiting", waiting(), [
    "#WAITING",
    "School",
    "The server is full.",
    "Trying again.",
    "CONNECT: give up",
  ]);
  const cutOff: Happening = { kind: "link.changed", link: "down" };
  shows("waiting without a network", play(waiting(), cutOff).state, [
    "#WAITING",
    "School",
    "No network. Check the",
    "cable or the Wi-Fi.",
    "CONNECT: give up",
  ]);
  const updating = (update: Update): Happening => ({ kind: "update.told", update });
  const writing = updating({ state: "writing", version: "0.2.0+202612010930", percent: 40 });
  const written = [
    "#UPDATE",
    "0.2.0+202612010930",
    "40 % written",
    "Then the box starts",
    "again by itself.",
  ];
  shows("an update being looked at", play(idle(), updating({ state: "checking" })).state, [
    "#UPDATE",
    "Looking at it",
  ]);
  shows("an update being written", play(idle(), writing).state, written);
  shows("an update, before a card that is missing", play(idle(), busy, writing).state, written);
  shows("an update on trial", play(idle(), updating({ state: "trying", version: "0.2.0" })).state, [
    "#UPDATE",
    "0.2.0",
    "On trial, some",
    "minutes. Leave the",
    "plug in.",
  ]);
  shows("an update that is good", play(idle(), updating({ state: "done", version: "0.2.0" })).state, [
    "#UPDATED",
    "0.2.0",
  ]);
  const reason = `Version 0.2.0 is too large for this card: ${"write the card anew, ".repeat(9)}`;
  const tooLong = [
    "Version 0.2.0 is too",
    "large for this card:",
    "write the card anew,",
    "write the card anew,",
    "write the card anew,",
    "write the card anew,…",
  ];
  shows(
    "an update that is not taken, at length",
    play(idle(), updating({ state: "refused", reason })).state,
    ["#NO UPDATE", ...tooLong],
  );
  shows("an update that was left", play(idle(), updating({ state: "failed", reason })).state, [
    "#UPDATE FAILED",
    ...tooLong,
  ]);
  shows("an update that has had its say", play(idle(), writing, fired("update")).state, ready);
  shows("nothing of an update where somebody plays", play(playing, writing).state, picture(playing));
  shows("leaving", play(connected(), pressConnect).state, ["#LEAVING", "School"]);
  const refused = ["#REFUSED", "The server records.", "This box plays only", "where nobody does."];
  shows("refused", play(connected("refuse"), recording("yes")).state, refused);
  shows("refused, and gone", play(connected("refuse"), recording("yes"), ended("left")).state, refused);
  const help = ["Close the program", "that uses it."];
  shows("no sound card", play(idle(), busy).state, [
    "#NO SOUND CARD",
    "hw:1",
    "Device or resource…",
    ...help,
  ]);
  shows("no sound card in a session", play(playing, busy).state, [
    "#NO SOUND CARD",
    "#REC ?",
    "hw:1",
    "Not encrypted",
    ...help,
  ]);
  shows("stopping", play(connected(), { kind: "stop.asked" }).state, ["#STOPPING"]);
  const off = ["#SHUTTING DOWN", "Wait 20 seconds,", "then pull the plug."];
  shows("shutting down", play(playing, hold, fired("long-hold")).state, off);
  shows("shutting down, without a card", play(question, busy, hold, fired("long-hold")).state, off);
});

describe("the privacy pages of the display", () => {
  const others = ["Others may record", "without any notice"];
  shows("nothing known", play(connected(), page).state, [
    "#REC ?",
    "School",
    "May record: unknown",
    "Keeps a log: unknown",
    "Not encrypted",
    ...others,
  ]);
  shows(
    "all known",
    play(connecting(), enquired("no"), tunnel, welcomed, hears(true), recording("no"), page).state,
    ["#NOT REC", "School", "May record: yes", "Keeps a log: yes", "Encrypted on the way", ...others],
  );
  shows("no server", play(idle(), page).state, [
    "#PRIVACY",
    "You are on no server.",
    "There, anybody who",
    "hears you may record,",
    "without any notice.",
  ]);
  shows("no sound card, and the page", play(idle(), busy, page).state, [
    "#PRIVACY",
    "You are on no server.",
    "There, anybody who",
    "hears you may record,",
    "without any notice.",
  ]);
  shows("nothing sent", play(idle(), page, page).state, ["#SENT SO FAR", "Nothing"]);
  const sent = (what: Disclosure["what"], to: string): Happening => ({
    kind: "session.disclosed",
    disclosure: { what, to, atMs: 1 },
  });
  const ledger = [
    sent("enquiry", "192.0.2.9:22124"),
    sent("name-lookup", "name service"),
    sent("address", "[2001:db8::1234]:22124"),
    sent("address", "192.0.2.7:22124"),
    sent("profile", "192.0.2.7:22124"),
    sent("audio", "192.0.2.7:22124"),
    sent("audio", "[2001:db8::1234]:22124"),
  ];
  const server = ["192.0.2.7:22124:", "address, profile,", "audio"];
  shows("what was sent", play(idle(), ledger.slice(3, 6), page, page).state, ["#SENT SO FAR", ...server]);
  shows("what was sent last", play(connected(), ledger, page, page).state, [
    "#SENT SO FAR",
    ...server,
    "[2001:db8::1234]:221…",
    "address, audio",
    "Not encrypted",
  ]);
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
    assert.deepEqual(picture(state), expected);
  });
}

function picture(state: State): readonly string[] {
  return panelView(state).display.map(({ size, text }) => (size === "large" ? `#${text}` : text));
}
