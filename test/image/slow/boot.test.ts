// The image boots as it was written, in about the time that a plain Debian takes, and leaves its root as it was.

import assert from "node:assert/strict";
import { debianBase } from "../../../image/build/base.js";
import { stopAllProcesses } from "../../support/process.js";
import { until } from "../../support/until.js";
import { CardBox } from "../emulator/image.js";
import { Machine } from "../emulator/machine.js";
import { plainBootSeconds } from "../emulator/plain-debian.js";

/** How much longer than a plain Debian ours may take to the ready line. */
const mostTimes = 1.3;
const turns = 3;
const marker = "/data/plugjam/test-marker";

describe("image, booting", function () {
  this.timeout(30 * 60_000);
  const cards = new CardBox();
  const card = cards.written();
  const hash = card.rootHash("a");
  afterEach(stopAllProcesses);
  after(() => cards.remove());

  it("reaches the ready line from a fresh card, with a data partition of its own, and no unit failed", async () => {
    const machine = Machine.boot({ card });
    await machine.ready();
    assert.ok(machine.console.some((line) => line.includes("making the data partition")));
    const shell = await machine.shell();
    assert.equal((await shell.run("systemctl is-system-running --wait")).text, "running");
    assert.equal(await shell.output("systemctl list-units --failed --no-legend --plain"), "");
    assert.equal(await shell.output("systemctl is-active plugjam.service"), "active");
    assert.equal(await shell.output("findmnt -no LABEL,FSTYPE /data"), "plugjam-data ext4");
    assert.ok(Number(await shell.output("findmnt -bno SIZE /data")) > 500e6, "the rest of the card");
    await shell.output(`echo kept >${marker}`);
    shell.say("systemctl poweroff");
    await machine.ended();
  });

  it("keeps the data partition from then on", async () => {
    const machine = Machine.boot({ card });
    await machine.ready();
    assert.ok(!machine.console.some((line) => line.includes("making the data partition")));
    const shell = await machine.shell();
    assert.equal(await shell.output(`cat ${marker}`), "kept");
    // So that the next start need not read the card with a Node of its own.
    assert.equal(await shell.output("ls -1 /data/secrets/outcome"), "etc\ninputs");
    shell.say("systemctl poweroff");
    await machine.ended();
  });

  it("leaves nobody a way in, and writes nowhere but on the data partition", async () => {
    const machine = Machine.boot({ card });
    await machine.ready();
    const shell = await machine.shell();
    await shell.run("systemctl is-system-running --wait");
    const writable = await shell.output(
      "findmnt --real --noheadings --raw --output TARGET,SOURCE,OPTIONS | awk '$3 ~ /(^|,)rw(,|$)/ && $2 ~ /dev/ { print $1 }'",
    );
    assert.deepEqual(
      writable.split("\n").filter((place) => !/^\/(data|var\/lib\/(plugjam|systemd))$/.test(place)),
      [],
    );
    assert.equal(await shell.output("awk -F: '$2 !~ /^[!*]/ { print $1 }' /etc/shadow"), "");
    assert.equal((await shell.run("systemctl is-active ssh.service ssh.socket")).text, "inactive\ninactive");
    shell.say("systemctl poweroff");
    await machine.ended();
  });

  it("gives the audio thread a core and a priority of its own, the card's interrupts a higher one, and tells what is amiss", async () => {
    const machine = Machine.boot({ card, args: ["-device", "qemu-xhci,id=usb"] });
    await machine.ready();
    const shell = await machine.shell();
    await shell.run("systemctl is-system-running --wait");
    const realtimeThreads = (of: string, name: string) =>
      shell.output(
        `sh -c '. /usr/libexec/plugjam-thread; for task in /proc/${of}/task/*; do look $task && [ $policy = 1 ] && case $name in ${name}) echo "\${task##*/} $priority $processor";; esac; done; :'`,
      );
    const main = await shell.output("systemctl show --property MainPID --value plugjam.service");
    const audio = /^(\d+) 80 3$/.exec(await realtimeThreads(main, "*"));
    assert.ok(audio, await realtimeThreads(main, "*"));
    assert.match(await realtimeThreads("[0-9]*", "irq/*-xhci*"), /^\d+ 85 \d$/m);
    const check = "/usr/libexec/plugjam-realtime-check";
    const ended =
      "systemctl show --property ExecMainExitTimestampMonotonic --value plugjam-realtime-check.service";
    assert.match(await shell.output(ended), /^[1-9]\d*$/, "it has not run at the boot");
    assert.ok(!machine.console.some((line) => line.includes("plugjam: realtime:")), "something was amiss");
    assert.equal(await shell.output(check), "");
    await shell.output(`taskset --cpu-list --pid 0 ${audio[1]}`);
    await until("the thread to have moved", async () =>
      /^plugjam: realtime: thread .* runs on core 0, not 3$/.test(await shell.output(check)),
    );
    shell.say("systemctl poweroff");
    await machine.ended();
  });

  it("leaves a slot that nobody has judged, without asking the data partition, and never the one that is to stay", async () => {
    const machine = Machine.boot({ card });
    await machine.ready();
    const shell = await machine.shell();
    await shell.run("systemctl is-system-running --wait");
    assert.equal(await shell.output("systemctl is-active plugjam-trial-deadline.timer"), "active");
    const config = "/boot/firmware/config.txt";
    await shell.output("systemctl start plugjam-trial-deadline.service");
    assert.match(await shell.output(`grep os_prefix ${config}`), /^os_prefix=slot-a\/$/);
    await shell.output(
      `sed s/slot-a/slot-b/ ${config} >/run/config.txt && mount --bind /run/config.txt ${config}`,
    );
    await shell.output("mount -t tmpfs tmpfs /data");
    shell.say("systemctl start --no-block plugjam-trial-deadline.service");
    await machine.ended();
    assert.ok(machine.console.some((line) => line.includes("plugjam: nobody could judge this update")));
  });

  // By turns, since a shared machine is now faster and now slower.
  it(`is ready in at most ${mostTimes} times the time of a plain Debian to multi-user`, async () => {
    const plainSeconds: number[] = [];
    const readySeconds: number[] = [];
    const base = await debianBase(0);
    for (let turn = 0; turn < turns; turn++) {
      plainSeconds.push(await plainBootSeconds(base));
      const machine = Machine.boot({ card });
      readySeconds.push(await machine.ready());
      await machine.cutPower();
    }
    const ours = Math.min(...readySeconds);
    const plain = Math.min(...plainSeconds);
    console.log(
      `      ready after ${ours.toFixed(1)} s, plain Debian multi-user after ${plain.toFixed(1)} s: ${(ours / plain).toFixed(2)} times`,
    );
    assert.ok(ours <= plain * mostTimes, `${readySeconds} against ${plainSeconds}`);
  });

  it("has left the root file system as it was", () => {
    assert.equal(card.rootHash("a"), hash);
  });
});
