// The terminal's picture as text, with and without colour; nothing that a name holds can break it.

import assert from "node:assert/strict";
import type { ColourDepth } from "../../src/panel/paint.js";
import { renderPlain } from "../../src/panel/plain.js";
import { renderTerminal, type TerminalModel } from "../../src/panel/terminal-picture.js";
import { columnsOf } from "../../src/panel/text-width.js";
import { figures, model, view } from "./model.js";

const EXPECTED: string[] = [
  " Plugjam demo",
  " ● LINK on              ● REC short-flash     ○ MUTE off",
  "╭────────────────────────────────────────────────────────────────╮",
  "│⣤⠤⢤⡀ ⣤           ⢠⡄                                             │ Musicians 3",
  "│⣿⠤⠼⠃ ⣿  ⢐⣒⣲⡄⣶ ⢰⡆ ⢲⡆ ⣶⠒⢲⡄⣴⠒⢲⡆                                    │ Zoë",
  "│⣿    ⢿⣀ ⢿⣀⣸⡇⢿⣀⣸⡇ ⢸⣇ ⣿ ⢸⡇⢿⣀⣸⠇                                    │ Jürgen",
  "│            ⠤⠤⠼⠃        ⠤⠤⠼⠃                                    │ François",
  "│⣤⠤⢤⡀⣠⠤⠤⠄⣠⠤⠤⠄    ⣠⠤⢤⡀                                            │",
  "│⣿⠤⢼⡃⣿⠤⠄ ⣿        ⣠⠞⠁                                            │",
  "│⣿ ⢸⡇⢿⣀⣀⡀⢿⣀⣀⡀     ⣭                                              │",
  "│                                                                │",
  "│⠐⢉⡱   ⢠⢄⢄⢠ ⢠⢀⠤⠤ ⢬ ⢀⠤⠤ ⢬ ⢀⠤⢤⢠⡠⢄⢀⠤⠤      ⠐⠉⡱⠐⢉⡱   ⢠⢄⢄⢀⠤⠤          │",
  "│⠐⠤⠜   ⠸⠘⠸⠘⠤⠺⠠⠭⠕ ⠼⠄⠘⠤⠤ ⠼⠄⠘⠤⠺⠸ ⠸⠠⠭⠕ ⡰    ⠠⠮⠤⠐⠤⠜   ⠸⠘⠸⠠⠭⠕          │",
  "│⠈⢉⠝⢀⠤⢄⢀⠥⢅       ⠈⢹⢠⠁⢡⢠⡠⠄⢀⠤⢤⢀⠤⢄⢠⡠⢄      ⢸⣉⡉⢠⡠⠄⢀⠤⢤⢠⡠⢄⢀⠤⠤⢀⠤⢄ ⢬ ⢀⠤⠤ │",
  "│⠰⠥⠤⠘⠤⠜⠘⠭⠍ ⡰    ⠘⠤⠜⠘⠤⠺⠸  ⠈⣒⡺⠘⠭⠍⠸ ⠸ ⡰    ⠸  ⠸  ⠘⠤⠺⠸ ⠸⠘⢤⠤⠘⠤⠜ ⠼⠄⠠⠭⠕ │",
  "│⢠⡠⢄⢀⠤⢄⠠⢼⠤   ⢀⠤⢄⢠⡠⢄⢀⠤⠤⢠⡠⠄⢠ ⢠⢠⠤⢄⠠⢼⠤⢀⠤⢄⢀⠤⢼                         │",
  "│⠸ ⠸⠘⠤⠜ ⠘⠤   ⠘⠭⠍⠸ ⠸⠘⠤⠤⠸  ⠈⣒⡺⢸⠤⠜ ⠘⠤⠘⠭⠍⠘⠤⠼                         │",
  "│                                                                │",
  "│                                                                │",
  "╰────────────────────────────────────────────────────────────────╯",
  " in  L ███████████████████▊····· -12.5  R ████████████▌············ -30.0  dBFS",
  " out L ███████████████████████▊·  -3.0  R ·························  -inf  dBFS",
  " delay 23 ms   ping -   jitter 4 blocks   concealed 0   lost 1   xruns 2",
  " C CONNECT   M MUTE   Q quit",
];

describe("renderTerminal", () => {
  it("draws the panel in 80 columns and 24 lines", () => {
    assert.deepEqual(
      renderTerminal(model, 80, 1).map((line) => line.trimEnd()),
      EXPECTED,
    );
  });

  it("blinks with the clock", () => {
    const line = (nowMs: number, leds: typeof view.leds) =>
      renderTerminal({ ...model, nowMs, view: { ...view, leds } }, 80, 1)[1]?.trimEnd();
    const leds = { link: "fast-blink", rec: "on", mute: "slow-blink" } as const;
    assert.equal(line(0, leds), " ● LINK fast-blink      ● REC on              ● MUTE slow-blink");
    assert.equal(line(100, leds), " ○ LINK fast-blink      ● REC on              ● MUTE slow-blink");
    assert.equal(line(700, leds), " ○ LINK fast-blink      ● REC on              ○ MUTE slow-blink");
  });

  it("writes the same picture in every depth of colour", () => {
    const plain = renderTerminal(model, 80, 1);
    for (const colour of [4, 8, 24] as const) {
      const lines = renderTerminal(model, 80, colour);
      assert.deepEqual(lines.map(withoutColour), plain);
      assert.ok(
        lines.every((line) => line.lastIndexOf("\x1b[") === line.lastIndexOf("\x1b[0m")),
        "all ends are reset",
      );
      const allowed = { 4: /^(0|1|[39]\d)$/, 8: /^(0|1|38;5;\d+)$/, 24: /^(0|1|38;2;\d+;\d+;\d+)$/ }[colour];
      for (const parameters of lines.join("").matchAll(escapes)) assert.match(parameters[1] ?? "", allowed);
    }
  });

  it("writes no escape without colour", () => {
    assert.ok(!renderTerminal(hostile, 80, 1).join("").includes("\x1b"));
  });

  it("gives each lit LED a colour of its own", () => {
    const lit = { ...model, view: { ...view, leds: { link: "on", rec: "on", mute: "on" } as const } };
    const line = renderTerminal(lit, 80, 8)[1] ?? "";
    assert.equal(new Set([...line.matchAll(/\[([\d;]+)m ● /g)].map((match) => match[1])).size, 3);
  });

  it("shows one bar for mono", () => {
    const mono = { ...model, meters: { capture: model.meters.capture.slice(0, 1), playback: [] } };
    const lines = renderTerminal(mono, 80, 1);
    assert.equal(lines[20], " in    ███████████████████▊····· -12.5  dBFS");
    assert.equal(lines[21], " out dBFS");
  });

  for (const columns of [80, 40, 13, 1]) {
    it(`keeps within ${columns} columns, whatever it is given`, () => {
      for (const colour of [1, 24] as ColourDepth[]) {
        for (const line of renderTerminal(hostile, columns, colour)) {
          assert.ok(columnsOf(withoutColour(line)) <= columns, JSON.stringify(line));
          assert.doesNotMatch(withoutColour(line), /[\p{C}]/u);
        }
      }
    });
  }

  it("keeps to 24 lines with a hall full of musicians, and says how many more there are", () => {
    const crowd = {
      ...model,
      figures: { ...figures, musicians: Array.from({ length: 50 }, (_, n) => `Player ${n}`) },
    };
    const lines = renderTerminal(crowd, 80, 1);
    assert.equal(lines.length, 24);
    assert.equal(lines[3]?.slice(67), "Musicians 50");
    assert.equal(lines[17]?.slice(67), "Player 13");
    assert.equal(lines[18]?.slice(67), "+ 36 more");
  });
});

describe("renderPlain", () => {
  it("says it all on one line", () => {
    assert.equal(
      renderPlain(view, figures),
      "connected  LINK on  REC short-flash  MUTE off  delay 23 ms  ping -  jitter 4 blocks  concealed 0  lost 1  " +
        "xruns 2  in -12/-30 dBFS  out -3/-120 dBFS  " +
        "[Playing | REC ? | 3 musicians, 23 ms | Zoë, Jürgen, François | not encrypted]",
    );
  });

  it("lets no text from the network through as more than text", () => {
    assert.doesNotMatch(renderPlain(hostile.view, hostile.figures), /[\p{C}]/u);
  });
});

const ESCAPE = "\x1b";
const escapes = new RegExp(`${ESCAPE}\\[([\\d;]*)m`, "g");

const rude = [
  "🎸".repeat(60),
  "山田太郎".repeat(30),
  "\x1b[2J\x1b[1;1Hgotcha",
  "a\nb\rc\x07",
  "\u202eevil",
  "👨‍👩‍👧‍👦".repeat(9),
  "e\u0301".repeat(99),
];

const hostile: TerminalModel = {
  ...model,
  title: rude.join(" "),
  view: { ...view, display: rude.map((text) => ({ text, size: "small" as const })) },
  figures: {
    ...figures,
    musicians: rude,
    concealed: Number.MAX_SAFE_INTEGER,
    delayMs: 1e15,
    pingMs: 1e15,
    lost: 1e15,
  },
};

function withoutColour(line: string): string {
  return line.replace(escapes, "");
}
