// The hub's panel: whether it is up, who is here, whether it records.

import assert from "node:assert/strict";
import { hubView, type ShownHub } from "../../src/hub/hub-view.js";

const hub: ShownHub = {
  state: "up",
  trouble: null,
  name: "School",
  port: 22124,
  recording: "off",
  writing: false,
  recorderTrouble: null,
  clients: [{ name: "Anna" }, { name: "" }],
};

const shown = (changes: Partial<ShownHub>) => {
  const { leds, display } = hubView({ ...hub, ...changes });
  return { ...leds, text: display.map(({ text }) => text) };
};

describe("hubView", () => {
  it("shows the name, that nothing is recorded, and who is here", () => {
    assert.deepEqual(shown({}), {
      link: "on",
      rec: "off",
      mute: "off",
      text: ["School", "NOT REC", "2 here, port 22124", "Anna, (no name)"],
    });
  });

  it("lights REC exactly while frames are written", () => {
    assert.deepEqual(
      [
        shown({ recording: "announcing" }),
        shown({ recording: "on" }),
        shown({ recording: "on", writing: true }),
        shown({ recording: "off", writing: true }),
      ].map(({ rec, text }) => [rec, text[1]]),
      [
        ["slow-blink", "REC SOON"],
        ["off", "REC READY"],
        ["on", "REC"],
        ["on", "REC"],
      ],
    );
  });

  it("says why it is not up", () => {
    const { link, text } = shown({ state: "failed", trouble: "port 22124 is in use" });
    assert.equal(link, "fast-blink");
    assert.deepEqual(text, ["NO HUB", "port 22124 is in use"]);
  });

  it("says where its configuration is not good", () => {
    const trouble = { where: "plugjam.toml:7", key: "hub.listen", what: "is wrong", sentences: [] };
    const { display } = hubView(hub, { ...trouble, instead: "last-good" });
    assert.deepEqual(
      display.slice(2).map(({ text }) => text),
      ["2 here, port 22124", "File not good:", "plugjam.toml:7", "hub.listen"],
    );
  });

  it("says that the disk is full", () => {
    assert.ok(shown({ recorderTrouble: "the disk is full" }).text.includes("the disk is full"));
  });
});
