// Provisioning meets noise: whatever is on the card, it never breaks, and what is wrong has a line.

import assert from "node:assert/strict";
import { type Box, plan } from "../../image/provision/plan.js";
import { noSecrets } from "../../image/provision/secrets.js";
import { loadConfig } from "../../src/config/load-config.js";
import { formatProblem } from "../../src/config/problem.js";
import { Random } from "../support/random.js";
import { wholeExample } from "./provision-example.js";
import { TestMachine } from "./provision-machine.js";

const box: Box = { identity: { serial: "abcd1234", macs: [] }, secrets: noSecrets, today: "2026-11-26" };
const seed = 20261126;

const list = 'box,room,profile.name,network.wifi_password\nabcd1234,"1, 2",x,geheim123\nffff0000,2,y,\n';
const pieces = [
  '"',
  "'",
  '"""',
  "'''",
  "[",
  "]",
  "[[",
  "]]",
  "{",
  "}",
  "=",
  ".",
  ",",
  "\n",
  "\r",
  "\r\n",
  "#",
  "\\",
  "\\u",
  "\0",
  "\ufeff",
  "\ufffd",
  "é",
  "1e999",
  "0x",
  "1979-05-27",
  "true",
  "__proto__",
  "constructor",
  "box",
  '[box."abcd1234"]\n',
  "[__proto__]\n",
  "toString = 1\n",
  "network = {",
  "server = [",
  "9".repeat(30),
  "nan",
  "-inf",
];

/** A text with a few things put in, taken out or doubled. */
function garbled(text: string, random: Random): string {
  let result = text;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const from = random.below(result.length + 1);
    const to = from + random.below(30);
    const kinds = [
      random.pick(pieces),
      "",
      result.slice(from, to).repeat(2),
      String.fromCharCode(random.below(256)),
    ];
    result = result.slice(0, from) + random.pick(kinds) + result.slice(to);
  }
  return result;
}

/** Either a plan, or problems each of which has a line. */
function judge(toml: string, csv: string | null, which: string): boolean {
  const show = () => `${which}: ${JSON.stringify({ toml, csv })}`;
  let result: ReturnType<typeof plan>;
  try {
    result = plan({ toml, csv }, box);
  } catch (error) {
    throw new Error(show(), { cause: error });
  }
  if (result.ok) {
    const { card } = result.plan;
    const again = plan(card, { ...box, secrets: result.plan.secrets });
    assert(again.ok, `${show()} is not good any more without its secrets: ${card.toml}`);
    assert.deepEqual(again.plan.outputs, result.plan.outputs, show());
    assert.deepEqual(again.plan.card, card, show());
    return true;
  }
  assert(result.problems.length > 0, show());
  for (const problem of result.problems) {
    assert.match(
      problem.where,
      /^(?:plugjam\.toml|boxes\.csv):[1-9]\d*$/,
      `${show()}: ${formatProblem(problem)}`,
    );
  }
  return false;
}

describe("provisioning, fed with noise", () => {
  it("knows a line in bytes by chance", () => {
    const random = new Random(seed);
    let good = 0;
    for (let round = 0; round < 1_000; round++) {
      const bytes = new TextDecoder("utf-8", { ignoreBOM: true }).decode(random.bytes(2 + random.below(200)));
      const words = Array.from({ length: 1 + random.below(12) }, () => random.pick(pieces)).join("");
      const text = random.below(2) === 0 ? bytes : words;
      if (judge(text, null, `round ${round}`)) good++;
      judge("", text, `list ${round}`);
    }
    // A comment, a blank line, toString = 1: chance may write these.
    assert(good < 100, `${good} were good`);
  });

  it("knows a line in files with slips, and takes what is still good", () => {
    const random = new Random(seed);
    let good = 0;
    for (let round = 0; round < 400; round++) {
      const [toml, csv] =
        random.below(3) > 0 ? [garbled(wholeExample, random), list] : ["", garbled(list, random)];
      if (judge(toml, random.below(4) > 0 ? csv : null, `round ${round}`)) good++;
    }
    assert(good > 40, `only ${good} were good`);
  });

  it("boots with any of them, each time with a configuration that the product takes", () => {
    const random = new Random(seed);
    const machine = new TestMachine();
    for (let round = 0; round < 60; round++) {
      if (random.below(4) === 0) machine.card(random.bytes(random.below(300)), "");
      else machine.card(garbled(wholeExample, random), garbled(list, random));
      machine.boot();
      const read = loadConfig(`${machine.root}/etc/plugjam/plugjam.toml`, []);
      assert(read.ok, `round ${round}`);
    }
    machine.end();
  });
});
