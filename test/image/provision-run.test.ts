// The whole way of a mistake: from the card to the display of the box that plays on with its earlier settings.

import assert from "node:assert/strict";
import { join } from "node:path";
import { ControlClient } from "../../src/control/control-client.js";
import type { Status } from "../../src/core/status.js";
import { launch } from "../support/process.js";
import { until } from "../support/until.js";
import { TestMachine } from "./provision-machine.js";

describe("a box whose card has a mistake", () => {
  it("has its earlier settings, and shows file, line and key", async () => {
    const machine = new TestMachine();
    const good = '[profile]\nname = "Aula"\n[[server]]\nname = "School"\naddress = "hub.lan"\n';
    machine.card(good).boot();
    machine.card(`${good.replace("School", "Other")}[network]\nwifi_nam = "x"\n`).boot();
    const socket = join(machine.root, "control.sock");
    const config = join(machine.root, "etc/plugjam/plugjam.toml");
    const off = ["panel.gpio=off", "panel.display=off", "panel.voice=false", "audio.device=none"];
    const words = ["dist/src/cli.js", "run", "--config", config, "--socket", socket];
    const box = launch(process.execPath, [...words, ...off.flatMap((set) => ["--set", set])], {
      env: { STATE_DIRECTORY: join(machine.root, "state") },
    });
    const control = await until("the box's control socket", () => ControlClient.connect(socket), {
      hopeless: () => box.end && box.describe(),
    });
    const { selected, troubles }: Status = await control.call("status", {});
    assert.deepEqual(selected, { name: "School", address: "hub.lan" });
    assert.match(
      troubles[0] ?? "",
      /^plugjam\.toml:7: network\.wifi_nam: no such key, did you mean wifi_name\?/,
    );
    const screen = await until("the display to show it", async () => {
      const { panel } = await control.call("status", {});
      return panel.display[0] === "FILE NOT GOOD" && panel.display;
    });
    assert.deepEqual(screen.slice(0, 3), ["FILE NOT GOOD", "plugjam.toml:7", "network.wifi_nam"]);
    assert.equal(screen.at(-1), "Settings: as before");
    control.close();
    await box.stop();
    machine.end();
  });
});
