// Names of files name nobody, or are safe letters.

import assert from "node:assert/strict";
import { fileLabel } from "../../src/audio/recorder-labels.js";

describe("recorder labels", () => {
  it("names nobody unless names are wanted", () => {
    assert.equal(fileLabel("Anna", false), "musician");
  });

  it("keeps letters and digits", () => {
    for (const [name, label] of [
      ["Anna", "Anna"],
      ["Zoë Müller-2", "Zoe_Muller_2"],
      ["../../etc/passwd", "etc_passwd"],
      ['x"\n.wav', "x_wav"],
      ["  ", "musician"],
      ["", "musician"],
      ["日本", "musician"],
      ["ﬃ".repeat(16), "ffi".repeat(11).slice(0, 32)],
      ["🎸 Bo 🎸", "Bo"],
    ] as const)
      assert.equal(fileLabel(name, true), label);
  });
});
