// Project files say where each take lies, and name nothing but files beside them.

import assert from "node:assert/strict";
import { audacityList, type RecordedSession, reaperProject } from "../../src/audio/recorder-projects.js";

const session: RecordedSession = {
  folder: "Jam-20261125-183000250",
  files: [
    { name: "musician-2-0-2.wav", label: "musician", slot: 2, start: 0, frames: 480_000 },
    { name: "anna-0-64-1.wav", label: "anna", slot: 0, start: 64, frames: 48_000 },
    { name: "anna-0-48064-2.wav", label: "anna", slot: 0, start: 48_064, frames: 24_000 },
  ],
  gaps: [{ start: 96_000, frames: 12_000 }],
};

describe("recorder projects", () => {
  it("lists files for Audacity with offsets to well below a frame", () => {
    assert.equal(
      audacityList(session),
      'file "musician-2-0-2.wav" offset 0.000000000\n' +
        'file "anna-0-64-1.wav" offset 0.001333333\n' +
        'file "anna-0-48064-2.wav" offset 1.001333333\n',
    );
  });

  it("makes a Reaper project: a track for each musician, her takes in their places, a marker for each gap", () => {
    assert.equal(
      reaperProject(session),
      `<REAPER_PROJECT 0.1 "5.0"
  SAMPLERATE 48000 0 0
  TEMPO 120 4 4
  MARKER 1 2.000000000 "the disk was too slow: 0.25 s are missing"
  <TRACK
    NAME "anna-0"
    <ITEM
      POSITION 0.001333333
      LENGTH 1.000000000
      LOOP 0
      NAME "anna-0-64-1.wav"
      <SOURCE WAVE
        FILE "anna-0-64-1.wav"
      >
    >
    <ITEM
      POSITION 1.001333333
      LENGTH 0.500000000
      LOOP 0
      NAME "anna-0-48064-2.wav"
      <SOURCE WAVE
        FILE "anna-0-48064-2.wav"
      >
    >
  >
  <TRACK
    NAME "musician-2"
    <ITEM
      POSITION 0.000000000
      LENGTH 10.000000000
      LOOP 0
      NAME "musician-2-0-2.wav"
      <SOURCE WAVE
        FILE "musician-2-0-2.wav"
      >
    >
  >
>
`,
    );
  });
});
