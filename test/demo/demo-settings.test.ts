// The demo's configuration is a good one, and the user's settings win over it.

import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load-config.js";
import { demoSettings } from "../../src/demo/demo-settings.js";

const settings = demoSettings({ folder: "/tmp/demo", port: 4711, device: "jam0" });

describe("demoSettings", () => {
  it("is a hub on loopback, and plays there at once, on its card", () => {
    const result = loadConfig(null, settings);
    assert.ok(result.ok, JSON.stringify(result));
    const { role, profile, server, hub, connect, audio, control } = result.config;
    assert.equal(profile.name, "Plugjam demo");
    assert.deepEqual([role, server, hub.listen], ["both", [], "127.0.0.1:4711"]);
    assert.equal(connect.on_boot, true);
    assert.deepEqual([audio.capture, audio.playback], ["jam0", "jam0"]);
    assert.equal(control.socket, "/tmp/demo/control.sock");
  });

  it("gives way to the user", () => {
    const result = loadConfig(null, [...settings, "audio.device=hw:1", "profile.name=Ann"]);
    assert.ok(result.ok && result.config.audio.capture === "hw:1" && result.config.profile.name === "Ann");
  });
});
