// A card that stumbles as long as it is given little sound at a time: the box finds what it holds, and says so.

import assert from "node:assert/strict";
import { TestBox } from "../support/box.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";

describe("a card's period that is automatic", function () {
  this.timeout(60_000);
  afterEach(stopAllProcesses);

  it("begins with the smallest, goes up while there are xruns, and is told in the status, in mid-session", async () => {
    const card = new VirtualCard({ source: { type: "tune" } });
    const server = await startJamulusServer({ fastUpdate: true });
    const config = `
      [[server]]
      address = "127.0.0.1:${server.port}"
      [audio]
      device = "${card.device}"
      period = "auto"
    `;
    const box = await TestBox.start({ config, env: card.env });
    const { audio: first } = await box.reaches("on its card", ({ audio }) => audio.state === "running");
    assert.equal((first.periodFrames ?? 0) % 32, 0);
    await box.press("connect");
    await box.plays();

    // All that was in the card is over at once, as if nobody had come for so long.
    const seen: (readonly [number, number])[] = [];
    const { audio: last } = await until(
      "the box to give the card enough",
      async () => {
        const { audio } = await box.status();
        const frames = (audio.periodFrames ?? 0) * (audio.periods ?? 0);
        seen.push([audio.periodFrames ?? 0, audio.periods ?? 0]);
        if (frames >= 3 * 64) return { audio };
        card.jump(frames + 64);
        return null;
      },
      { everyMs: 150, deadlineMs: 40_000 },
    );
    assert.ok(last.xruns >= 2, `${last.xruns} xruns`);
    assert.match(last.note ?? "", /stumbled with less sound/);
    // Step by step: nothing between the first and the last is left out, and never less again.
    const buffers = seen.map(([periodFrames, periods]) => periodFrames * periods);
    assert.deepEqual(
      buffers,
      [...buffers].sort((one, other) => one - other),
    );
    const text = box.process.log();
    assert.match(text, /stumbled twice in a minute/);

    const { decoded } = last;
    await box.reaches("playing on with it", (status) => status.audio.decoded > decoded + 750);
    await box.stop();
    card.remove();
  });
});
