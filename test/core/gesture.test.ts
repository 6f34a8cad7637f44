// What fingers on two buttons mean, edge by edge, in usual and in odd orders.

import assert from "node:assert/strict";
import type { ButtonName, HoldTimer } from "../../src/core/event.js";
import { buttonDown, buttonUp, heldFor, type Meaning, type Touch } from "../../src/core/gesture.js";
import { ManualClock } from "../support/manual-clock.js";

/** Time and button: `+` down, `-` up. */
type Edge = readonly [atMs: number, edge: `${"+" | "-"}${ButtonName}`];
/** When what was meant. */
type Meant = readonly [atMs: number, meaning: Meaning];

interface Row {
  readonly name: string;
  readonly edges: readonly Edge[];
  readonly meant: readonly Meant[];
}

const rows: readonly Row[] = [
  {
    name: "a press acts when it is let go",
    edges: [
      [0, "+connect"],
      [80, "-connect"],
      [500, "+mute"],
      [700, "-mute"],
    ],
    meant: [
      [80, "join-or-leave"],
      [700, "mute-or-acknowledge"],
    ],
  },
  {
    name: "the shortest press counts",
    edges: [
      [0, "+mute"],
      [0, "-mute"],
    ],
    meant: [[0, "mute-or-acknowledge"]],
  },
  {
    name: "a press may take just under 2 s",
    edges: [
      [0, "+connect"],
      [1999, "-connect"],
    ],
    meant: [[1999, "join-or-leave"]],
  },
  {
    name: "a hold acts at 2 s, and CONNECT goes there when it is let go",
    edges: [
      [0, "+connect"],
      [2500, "-connect"],
      [3000, "+mute"],
      [6000, "-mute"],
    ],
    meant: [
      [2000, "choose-next"],
      [2500, "go-to-chosen"],
      [5000, "turn-page"],
    ],
  },
  {
    name: "a hold of just 2 s is one",
    edges: [
      [0, "+mute"],
      [2000, "-mute"],
      [3000, "+connect"],
      [5000, "-connect"],
    ],
    meant: [
      [2000, "turn-page"],
      [5000, "choose-next"],
      [5000, "go-to-chosen"],
    ],
  },
  {
    name: "CONNECT held for 8 s shuts down, and goes nowhere",
    edges: [
      [0, "+connect"],
      [9000, "-connect"],
    ],
    meant: [
      [2000, "choose-next"],
      [8000, "shut-down"],
    ],
  },
  {
    name: "MUTE held for ever is one hold",
    edges: [
      [0, "+mute"],
      [60_000, "-mute"],
    ],
    meant: [[2000, "turn-page"]],
  },
  {
    name: "both at once are neither",
    edges: [
      [0, "+connect"],
      [10, "+mute"],
      [80, "-connect"],
      [90, "-mute"],
    ],
    meant: [],
  },
  {
    name: "both, one within the other",
    edges: [
      [0, "+mute"],
      [100, "+connect"],
      [200, "-connect"],
      [9500, "-mute"],
    ],
    meant: [],
  },
  {
    name: "the second again, before the first is up",
    edges: [
      [0, "+connect"],
      [100, "+mute"],
      [200, "-mute"],
      [300, "+mute"],
      [400, "-mute"],
      [500, "-connect"],
    ],
    meant: [],
  },
  {
    name: "one taking turns with the other, never both up",
    edges: [
      [0, "+connect"],
      [100, "+mute"],
      [200, "-connect"],
      [300, "+connect"],
      [400, "-mute"],
      [9000, "-connect"],
    ],
    meant: [],
  },
  {
    name: "after both, a press counts again",
    edges: [
      [0, "+connect"],
      [10, "+mute"],
      [80, "-connect"],
      [90, "-mute"],
      [200, "+mute"],
      [260, "-mute"],
    ],
    meant: [[260, "mute-or-acknowledge"]],
  },
  {
    name: "MUTE while CONNECT is held calls the move off",
    edges: [
      [0, "+connect"],
      [2500, "+mute"],
      [2600, "-mute"],
      [9000, "-connect"],
    ],
    meant: [[2000, "choose-next"]],
  },
  {
    name: "up without down is nothing",
    edges: [
      [0, "-connect"],
      [10, "-mute"],
      [20, "+mute"],
      [30, "-connect"],
      [40, "-mute"],
    ],
    meant: [[40, "mute-or-acknowledge"]],
  },
  {
    name: "down twice is down once",
    edges: [
      [0, "+connect"],
      [1500, "+connect"],
      [1800, "-connect"],
      [1900, "-connect"],
    ],
    meant: [[1800, "join-or-leave"]],
  },
  {
    name: "down twice does not start the hold anew",
    edges: [
      [0, "+mute"],
      [1500, "+mute"],
      [2100, "-mute"],
    ],
    meant: [[2000, "turn-page"]],
  },
];

describe("gestures", () => {
  for (const { name, edges, meant } of rows) {
    it(name, () => assert.deepEqual(feel(edges, "punctual"), meant));
  }

  it("go by the times of the edges where the timers come late", () => {
    const late = (...edges: Edge[]) => feel(edges, "late").map(([, meaning]) => meaning);
    assert.deepEqual(late([0, "+connect"], [2000, "-connect"]), ["choose-next", "go-to-chosen"]);
    assert.deepEqual(late([0, "+mute"], [2300, "-mute"]), ["turn-page"]);
    assert.deepEqual(late([0, "+mute"], [9000, "-mute"]), ["turn-page"]);
    assert.deepEqual(late([0, "+connect"], [8100, "-connect"]), ["shut-down"]);
    assert.deepEqual(late([0, "+connect"], [1999, "-connect"]), ["join-or-leave"]);
  });

  it("take a timer that comes a little early at its word", () => {
    const { touch } = buttonDown({ kind: "none" }, "connect", 0);
    const held = heldFor(touch, "hold");
    assert.deepEqual(held.meanings, ["choose-next"]);
    assert.deepEqual(buttonUp(held.touch, "connect", 1999.5).meanings, ["go-to-chosen"]);
  });

  it("are set off by no timer of a gesture that is over", () => {
    const over: Touch[] = [{ kind: "none" }, { kind: "spoilt", down: ["mute", "connect"] }];
    for (const touch of over) {
      assert.deepEqual(heldFor(touch, "hold"), { touch, meanings: [], effects: [] });
      assert.deepEqual(heldFor(touch, "long-hold"), { touch, meanings: [], effects: [] });
    }
  });
});

/** Lets the edges happen on a clock turned by hand; "late": no timer is heard of in time. */
function feel(edges: readonly Edge[], timers: "punctual" | "late"): Meant[] {
  const clock = new ManualClock();
  const running = new Map<string, () => void>();
  const meant: Meant[] = [];
  let touch: Touch = { kind: "none" };
  const take = (felt: ReturnType<typeof buttonDown>) => {
    touch = felt.touch;
    for (const meaning of felt.meanings) meant.push([clock.nowMs(), meaning]);
    for (const effect of felt.effects) {
      if (effect.kind === "timer.clear") running.get(effect.timer)?.();
      if (effect.kind !== "timer.set" || timers === "late") continue;
      const timer = effect.timer as HoldTimer;
      running.set(
        timer,
        clock.after(effect.inMs, () => take(heldFor(touch, timer))),
      );
    }
  };
  for (const [atMs, edge] of edges) {
    clock.advance(atMs - clock.nowMs());
    const button = edge.slice(1) as ButtonName;
    take((edge[0] === "+" ? buttonDown : buttonUp)(touch, button, atMs));
  }
  clock.advance(20_000);
  return meant;
}
