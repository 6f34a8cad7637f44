// The status object, in a session and out of it.

import assert from "node:assert/strict";
import type { Counters, Levels, ThreadTiming } from "../../src/audio/engine.js";
import { statusOf } from "../../src/core/status.js";
import {
  busyCard,
  connected,
  connecting,
  ended,
  enquired,
  fresh,
  idle,
  play,
  pressConnect,
  pressMute,
  recording,
  school,
  waiting,
  welcomed,
} from "../support/box-state.js";
import { noCounts, noTiming } from "../support/fake-engine.js";

const levels: Levels = { capture: [-20, -21], playback: [-12, -13] };
const counters: Counters = {
  ...noCounts,
  xruns: 2,
  concealed: 3,
  decoded: 4,
  late: 5,
  lost: 6,
  headroomFrames: 18,
  jitterBlocks: 7,
  wrongSize: 8,
  strangers: 9,
  messagesDropped: 10,
  noticesDropped: 16,
  sendFailures: 11,
  packetsSent: 14,
  packetsReceived: 15,
  jitterMs: 0.5,
  driftPpm: -33.4,
};
const timing: ThreadTiming = { ...noTiming, workShare: { p50: 0.1, p999: 0.2, max: 0.3 } };
const dropped = new Map([
  ["crc", 12],
  ["unknown-id", 13],
]);
const troubles = ["There is no display at 0x3c."];
const live = {
  version: "0.1.0",
  role: "box",
  levels,
  counters,
  timing,
  clientLevels: [7],
  dropped,
  troubles,
} as const;

describe("status", () => {
  it("tells all of a session", () => {
    const ann = { id: 1, name: "Ann", instrument: "Flute", city: "Ulm" };
    const { state } = play(
      connected("mute-until-ack"),
      { kind: "session.clients", clients: [ann] },
      { kind: "session.muted-by", clientIds: [1] },
      { kind: "session.version", version: "3.9.1" },
      { kind: "session.delay", pingMs: 20, delayMs: 35 },
      pressMute,
      recording("yes"),
    );
    assert.deepEqual(statusOf(state, live), {
      version: "0.1.0",
      role: "box",
      wanted: school,
      selected: school,
      link: "up",
      connection: {
        state: "connected",
        server: school,
        clientId: 3,
        clients: [ann],
        levels: [7],
        mutedBy: [1],
        pingMs: 20,
        delayMs: 35,
        reason: null,
        joinMs: null,
        heard: false,
        serverVersion: "3.9.1",
        enquiry: null,
        welcome: null,
        chat: null,
      },
      privacy: {
        recording: "yes",
        consent: "muted-until-acknowledged",
        acknowledgedAtMs: null,
        serverLogs: "unknown",
        serverMayRecord: "yes",
        encrypted: "no",
        disclosed: [],
      },
      muted: { on: true, by: ["musician", "consent"] },
      audio: {
        state: "running",
        device: "hw:1",
        note: null,
        periodFrames: 64,
        periods: 2,
        xruns: 2,
        decoded: 4,
        concealed: 3,
        late: 5,
        lost: 6,
        headroomFrames: 18,
        jitterBlocks: 7,
        driftPpm: -33.4,
        levels,
        timing,
      },
      network: {
        packetsSent: 14,
        packetsReceived: 15,
        jitterMs: 0.5,
        strangers: 9,
        wrongSize: 8,
        messagesDropped: 10,
        noticesDropped: 16,
        sendFailures: 11,
        dropped: { crc: 12, "unknown-id": 13 },
      },
      panel: {
        leds: { link: "on", rec: "on", mute: "slow-blink" },
        display: [
          "RECORDING",
          "MUTED",
          "The operator keeps it",
          "MUTE: agree",
          "CONNECT: leave",
          "Not encrypted",
        ],
      },
      troubles,
      hub: null,
    });
  });

  it("tells what the server answered before it knew us, for as long as it is that server", () => {
    const answers = { version: "3.12.4", clients: 3, pingMs: 12 };
    const asked = play(connecting(), enquired("no")).state;
    assert.deepEqual(statusOf(asked, live).connection.enquiry, answers);
    const joined = play(asked, welcomed).state;
    assert.deepEqual(statusOf(joined, live).connection.enquiry, answers);
    assert.equal(statusOf(play(joined, welcomed).state, live).connection.enquiry, null);
  });

  it("says in words why the box waits", () => {
    const { connection } = statusOf(waiting(), live);
    assert.equal(connection.state, "waiting");
    assert.equal(connection.reason, "The server is full. Trying again.");
    assert.equal(connection.clientId, null);
  });

  it("says that there is no network, save of a server on this machine", () => {
    const away = play(connecting(), { kind: "link.changed", link: "down" }, ended("no-answer")).state;
    const words = "No network. Check the cable or the Wi-Fi.";
    const told = statusOf(away, live);
    assert.deepEqual([told.link, told.connection.reason], ["down", words]);
    const unheard = play(connected(), { kind: "link.changed", link: "down" }).state;
    assert.equal(statusOf(unheard, live).connection.reason, words);
    const heard = play(unheard, { kind: "session.heard", heard: true }).state;
    assert.equal(statusOf(heard, live).connection.reason, null);
    for (const address of ["127.0.0.1:22124", "localhost", "[::1]:22124"]) {
      const here = play(fresh("notify", [{ name: "Here", address }]), pressConnect).state;
      const status = statusOf(
        play(here, { kind: "link.changed", link: "down" }, ended("no-answer")).state,
        live,
      );
      assert.equal(status.connection.reason, "The server does not answer. Trying again.");
    }
  });

  it("says in words why the box left, and wants nobody", () => {
    const { connection, wanted } = statusOf(play(connected("refuse"), recording("yes")).state, live);
    assert.equal(connection.reason, "The server records. This box plays only where nobody does.");
    assert.equal(wanted, null);
  });

  it("says what is wrong with the sound card", () => {
    const { audio } = statusOf(play(idle(), { kind: "card.lost", failure: busyCard }).state, live);
    assert.equal(audio.state, "failed");
    assert.equal(audio.device, "hw:1");
    assert.equal(
      audio.note,
      "hw:1: snd_pcm_open: EBUSY: Device or resource busy. Close the program that uses it.",
    );
  });
});
