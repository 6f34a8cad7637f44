// A controller that hangs is started anew, and what it was at is taken up again.

import assert from "node:assert/strict";
import { stopAllProcesses } from "../../support/process.js";
import { until } from "../../support/until.js";
import { CardBox } from "../emulator/image.js";
import { Machine } from "../emulator/machine.js";

describe("image, watchdog", function () {
  this.timeout(15 * 60_000);
  const cards = new CardBox();
  afterEach(stopAllProcesses);
  after(() => cards.remove());

  it("starts a frozen controller anew, and says so", async () => {
    const machine = Machine.boot({ card: cards.written() });
    await machine.ready();
    const shell = await machine.shell();
    const show = (property: string) =>
      shell.output(`systemctl show --property ${property} --value plugjam.service`);
    const frozen = await show("MainPID");
    assert.equal(await show("NRestarts"), "0");
    await shell.output(`kill -STOP ${frozen}`);
    const again = async () => (await show("NRestarts")) === "1" && (await show("ActiveState")) === "active";
    await until("a new controller", again, { deadlineMs: 120_000, everyMs: 1_000 });
    assert.notEqual(await show("MainPID"), frozen);
    const journal = await shell.output("journalctl -b -u plugjam.service --no-pager");
    assert.match(journal, /Watchdog timeout/);
    const answer = await shell.run("plugjam status --json");
    assert.equal(
      answer.status,
      0,
      `${answer.text}\n${await shell.output("journalctl -b -u plugjam.service --no-pager")}`,
    );
  });
});
