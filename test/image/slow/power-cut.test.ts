// The plug is pulled at any moment: while the box boots, while it makes its data partition, while it writes. It always comes
// back, and what it remembers is old or new, never half.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { stopAllProcesses } from "../../support/process.js";
import { Random } from "../../support/random.js";
import { until } from "../../support/until.js";
import type { Card } from "../emulator/card.js";
import { CardBox } from "../emulator/image.js";
import { Machine } from "../emulator/machine.js";
import type { Shell } from "../emulator/shell.js";

/** Half of them in boots, half while the box writes. The long form has 500. */
const cuts = Number(process.env.PLUGJAM_CUTS ?? 20);
const seed = Number(process.env.PLUGJAM_SEED ?? 1);
const minutesPerCut = 5;
/** The box has just begun, and its start goes on beside it. */
const storedMs = 120_000;

/** The wished server is one that is nowhere; its port counts the wishes. */
const firstWish = 10_000;
const wanted = "/var/lib/plugjam/wanted.json";

/** Where systemd passes the box's control socket on, since bash can speak to no other kind. */
const port = 9_999;
const connect = { jsonrpc: "2.0", id: 1, method: "connect", params: { server: "192.0.2.1:WISH" } };

/**
 * Wishes for another server, as fast as the box takes them, each one stored. In bash, since a Node of its own takes half a
 * minute to start beside a box that has just begun.
 */
const wisher = (from: number) => `
  systemd-socket-activate -l 127.0.0.1:${port} /usr/lib/systemd/systemd-socket-proxyd /run/plugjam/control.sock &
  until exec 3<>/dev/tcp/127.0.0.1/${port}; do sleep 0.5; done;
  request=${JSON.stringify(JSON.stringify(connect))};
  wish=${from}; answer=none;
  while echo "\${request/WISH/$wish}" >&3 && read -r answer <&3; do wish=$((wish + 1)); done;
  echo "no answer to $wish; the last: $answer"`;

describe(`image, ${cuts} power cuts (seed ${seed})`, function () {
  this.timeout(cuts * minutesPerCut * 60_000);
  const cards = new CardBox();
  afterEach(stopAllProcesses);
  after(() => cards.remove());

  it("boots after each, and remembers old or new", async () => {
    const random = new Random(seed);
    let card = cards.written();
    let remembered = 0;
    let bootMs = 40_000;
    for (let pair = 0; pair < cuts / 2; pair++) {
      // A fresh card makes its data partition in the boot that is cut.
      const isFresh = pair % 3 === 0;
      if (isFresh) {
        card.remove();
        card = cards.written();
        remembered = 0;
      }
      const where = await cutBoot(card, isFresh && pair % 2 === 0, bootMs, random);
      const started = performance.now();
      const machine = Machine.boot({ card });
      await machine.ready();
      bootMs = performance.now() - started;
      const shell = await machine.shell();
      assert.equal(await shell.output("findmnt -no LABEL /data"), "plugjam-data", where);
      assert.equal(await shell.output("systemctl list-units --failed --no-legend --plain"), "", where);
      remembered = await rememberedWish(shell, remembered, where);
      await cutWriting(machine, shell, remembered + 1, random);
      console.log(
        `      ${2 * (pair + 1)} of ${cuts} cuts; ready again ${Math.round(bootMs / 1000)} s after the plug was put back`,
      );
    }
    const machine = Machine.boot({ card });
    await machine.ready();
    await rememberedWish(await machine.shell(), remembered, "at the end");
  });
});

/** Gives in words when it was. */
async function cutBoot(card: Card, inPartitioning: boolean, bootMs: number, random: Random): Promise<string> {
  const machine = Machine.boot({ card });
  if (inPartitioning) await machine.shows(/making the data partition/);
  const afterMs = Math.round(random.next() * (inPartitioning ? 2_500 : bootMs));
  await sleep(afterMs);
  await machine.cutPower();
  return `cut ${afterMs} ms after ${inPartitioning ? "the partition was begun" : "power-on"}`;
}

/** In the midst of a stream of wishes. */
async function cutWriting(machine: Machine, shell: Shell, from: number, random: Random): Promise<void> {
  const program = wisher(Math.max(from, firstWish)).replaceAll("\n", " ");
  await shell.output("touch /run/begun");
  shell.say(`nohup bash -c '${program}' >/run/wisher 2>&1 &`);
  const isStored = async () => (await shell.run(`[ ${wanted} -nt /run/begun ]`)).status === 0;
  await until("the first wish to be stored", isStored, { deadlineMs: storedMs, everyMs: 100 }).catch(
    async ({ message }) => {
      const { text } = await shell.run(
        "cat /run/wisher; journalctl -b -u plugjam.service --no-pager | tail -20",
      );
      assert.fail(`${message}\n${text}`);
    },
  );
  await sleep(Math.round(random.next() * 3_000));
  await machine.cutPower();
}

/** Zero: none yet. Never one older than what was known to be on the card. */
async function rememberedWish(shell: Shell, least: number, where: string): Promise<number> {
  const { status, text } = await shell.run(`cat ${wanted}`);
  if (status !== 0) {
    assert.equal(least, 0, `${where}: what was remembered is gone: ${text}`);
    return 0;
  }
  const server = JSON.parse(text) as { address: string } | null;
  const wish = server === null ? 0 : Number(/^192\.0\.2\.1:(\d+)$/.exec(server.address)?.[1]);
  assert.ok(wish >= least, `${where}: ${text} after ${least}`);
  const complaints = await shell.run("journalctl -b -u plugjam.service | grep 'cannot be read'");
  assert.equal(complaints.text, "", where);
  return wish;
}
