// A controller that hangs, or fails as it starts, is started anew.

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

  it("says that the box is ready, too, where only its second start succeeds", async () => {
    const machine = Machine.boot({ card: cards.written() });
    const shell = await machine.shell();
    const show = (property: string) =>
      shell.output(`systemctl show --property ${property} --value plugjam.service`);
    // Long before the box is due.
    const onlyFirst = "/bin/sh -c 'mkdir /run/first-start && exit 1; exit 0'";
    await shell.output(
      `mkdir /run/systemd/system/plugjam.service.d && printf '%s\\n' '[Service]' "ExecStartPre=+${onlyFirst}" >/run/systemd/system/plugjam.service.d/first.conf && systemctl daemon-reload`,
    );
    assert.equal(await show("ActiveState"), "inactive");
    await machine.ready();
    assert.equal(await show("NRestarts"), "1");
    assert.equal(await show("ActiveState"), "active");
  });
});
