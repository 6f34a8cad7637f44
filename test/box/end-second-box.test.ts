// Two boxes on one control socket: the second one says so and ends, and the first one plays on.

import assert from "node:assert/strict";
import { join } from "node:path";
import { plugjam } from "../cli/command.js";
import { startBoxAt } from "../support/box-at.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { VirtualCard } from "../support/virtual-card.js";

describe("a second box", () => {
  const card = new VirtualCard();

  after(async () => {
    await stopAllProcesses();
    card.remove();
  });

  it("refuses to start beside a living one", async () => {
    const server = await startJamulusServer();
    const box = await startBoxAt(server, { card });
    await box.press("connect");
    const { audio } = await box.plays();

    const socket = join(box.folder, "control.sock");
    const { code, err, out } = await plugjam("run", "--socket", socket);
    assert.equal(code, 1);
    assert.equal(out, "");
    const lines = err.trimEnd().split("\n");
    assert.equal(lines.length, 1, err);
    assert.ok(lines[0]?.includes(socket), err);

    await box.reaches("decoding", (status) => status.audio.decoded > audio.decoded + 100);
    await server.serves(["Box"]);
  });
});
