// What a good card came to is kept and taken as it is while nothing is new; and only then.

import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { noSecrets, writeSecrets } from "../../image/provision/secrets.js";
import { network, tunnel } from "./provision-example.js";
import { note, TestMachine } from "./provision-machine.js";

const card = "boot/firmware/plugjam.toml";
const list = "boot/firmware/boxes.csv";

describe("the kept outcome of a card", () => {
  let machine: TestMachine;
  beforeEach(() => {
    machine = new TestMachine();
  });
  afterEach(() => machine.end());

  it("takes what a card came to before as it is, file by file, while nothing is new", () => {
    machine.card(`${network("School", "geheim123")}${tunnel}`, "box,room\nabcd1234,Aula\n").boot();
    // Its secrets were moved: that is new.
    machine.boot();
    const [made, reads] = [machine.files("etc"), machine.reads];
    machine.write("proc/sys/kernel/hostname", "localhost\n");
    machine.boot();
    assert.deepEqual([reads, machine.reads], [2, 2]);
    assert.deepEqual(machine.files("etc"), made);
    assert.equal(machine.read("proc/sys/kernel/hostname"), "plugjam-aula\n");
    assert.equal(machine.mode("data/secrets"), "700");
    assert.deepEqual([machine.said, machine.report()], [[], null]);
  });

  const news: [string, (machine: TestMachine) => unknown][] = [
    ["a line on the card", (on) => on.card(`room = 5\n${on.read(card)}`)],
    ["a list on the card", (on) => on.write(list, "box,room\nabcd1234,7\n")],
    ["no list any more", (on) => rmSync(join(on.root, list))],
    ["no file any more", (on) => rmSync(join(on.root, card))],
    ["no note any more", (on) => rmSync(join(on.root, "boot/firmware/this-box.txt"))],
    ["no secrets any more", (on) => rmSync(join(on.root, "data/secrets/card.json"))],
    ["another image", (on) => on.write("usr/lib/os-release", "IMAGE_VERSION=2\n")],
    ["another program", (on) => on.write("usr/lib/plugjam/dist/image/provision/plan.js", "2")],
    ["another schema", (on) => on.write("usr/lib/plugjam/dist/src/config/schema.js", "2")],
    ["another box", (on) => on.write("proc/device-tree/serial-number", "10000000abcd9999\0")],
    ["another network card", (on) => on.write("sys/class/net/end0/address", "b8:27:eb:00:00:01\n")],
  ];
  for (const [what, change] of news) {
    it(`reads the card again where there is ${what}`, () => {
      machine.card('room = "Aula"\n', "box,room\nabcd1234,6\n").boot();
      machine.write("data/secrets/card.json", writeSecrets(noSecrets));
      machine.boot().boot();
      const before = machine.reads;
      change(machine);
      machine.boot();
      assert.equal(machine.reads, before + 1);
    });
  }

  it("never takes one card's outcome for another's, whatever became of either", () => {
    const [first, second] = ['room = 1\n[update]\nurl = "https://a.b/"\n', "room = 2\n"];
    for (let call = 1, wasCut = true; wasCut; call++) {
      const cut = new TestMachine();
      cut.write("boot/firmware/this-box.txt", note);
      cut.card(first).boot();
      // It may be cut while it keeps the first one's, too.
      const wasCutKeeping = cut.bootUntil(call);
      wasCut = cut.card(second).bootUntil(call) || wasCutKeeping;
      cut.card(first).boot();
      const state = ["etc/hostname", "data/provision/update-url"].map((file) => cut.read(file));
      assert.deepEqual(state, ["plugjam-1\n", "https://a.b/\n"], `after ${call} calls`);
      cut.end();
    }
  });

  it("reads again a card on which boxes go by their MAC, for network cards may turn up late", () => {
    machine.card('[box."b8:27:eb:12:34:56"]\nroom = 1\n').boot().boot().boot();
    assert.deepEqual([machine.reads, machine.read("etc/hostname")], [3, "plugjam-1\n"]);
  });

  it("reads again what it has something to say about", () => {
    machine.card("nonsense").boot().boot().boot();
    assert.deepEqual([machine.reads, machine.report()?.instead], [3, "defaults"]);
  });
});
