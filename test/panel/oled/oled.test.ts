// The display in time: how often it changes, and how it fares on a bus that fails, hangs, or comes and goes.

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Levels } from "../../../src/audio/engine.js";
import type { PanelView } from "../../../src/core/view.js";
import { ssd1306 } from "../../../src/panel/oled/controllers.js";
import { drawLevels } from "../../../src/panel/oled/level-bars.js";
import { Oled, type OledOptions } from "../../../src/panel/oled/oled.js";
import { darkWrites } from "../../../src/panel/oled/update.js";
import { drawScreen } from "../../../src/panel/screen.js";
import { ManualClock } from "../../support/manual-clock.js";
import { Random } from "../../support/random.js";
import { DisplayModel } from "./display-model.js";
import { FakeBus } from "./fake-bus.js";

function viewOf(text: string): PanelView {
  return { leds: { link: "on", rec: "off", mute: "off" }, display: [{ text, size: "large" }] };
}

/** A box's display on a bus of its own, with time in the test's hand. */
class Bench {
  readonly clock = new ManualClock();
  readonly bus = new FakeBus();
  readonly lines: string[] = [];
  readonly oled: Oled;

  constructor(options: Partial<OledOptions> = {}) {
    this.oled = new Oled(
      {
        display: "auto",
        bus: 1,
        address: 0x3c,
        clock: this.clock,
        levels: () => null,
        onTrouble: (line) => this.lines.push(line),
        onFound: (line) => this.lines.push(line),
        ...options,
      },
      this.bus.open,
    );
  }

  plug(name: "ssd1306" | "sh1106" = "ssd1306", address = 0x3c): DisplayModel {
    const display = new DisplayModel(name);
    this.bus.displays.set(address, display);
    return display;
  }

  async show(text: string): Promise<void> {
    this.oled.show(viewOf(text));
    await setImmediate();
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(Math.min(10, ms - passed));
      await setImmediate();
    }
  }
}

function shows(display: DisplayModel, text: string): boolean {
  return display.isLit && Buffer.from(drawScreen(viewOf(text).display).bytes).equals(display.picture);
}

describe("Oled", () => {
  for (const name of ["ssd1306", "sh1106"] as const) {
    for (const address of [0x3c, 0x3d]) {
      it(`finds an ${name} at 0x${address.toString(16)} by itself`, async () => {
        const bench = new Bench();
        const display = bench.plug(name, address);
        await bench.show("READY");
        assert.ok(shows(display, "READY"));
        assert.deepEqual(bench.lines, [
          `${name.toUpperCase()} display at 0x${address.toString(16)} on /dev/i2c-1.`,
        ]);
      });
    }
  }

  it("takes its owner's word for controller and address", async () => {
    const bench = new Bench({ display: "sh1106", address: 0x3d });
    bench.plug("ssd1306", 0x3c);
    const display = bench.plug("sh1106", 0x3d);
    await bench.show("READY");
    assert.ok(shows(display, "READY"));
  });

  it("shows two changes at once, then the newest of all, five a second at most", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("first");
    await bench.pass(1000);

    const changesAtMs: number[] = [];
    let before = display.picture;
    for (let change = 0; change < 300; change++) {
      await bench.show(String(change));
      if (change < 2) assert.ok(shows(display, String(change)));
      if (!Buffer.from(before).equals(display.picture)) changesAtMs.push(bench.clock.nowMs());
      before = display.picture;
      await bench.pass(10);
    }
    await bench.pass(250);
    assert.ok(shows(display, "299"));
    assert.ok(changesAtMs.length >= 11, `only ${changesAtMs.length} changes`);
    for (const atMs of changesAtMs) {
      assert.ok(changesAtMs.filter((other) => other >= atMs && other < atMs + 1000).length <= 5);
    }
  });

  it("has nothing to write for a view that looks the same", async () => {
    const bench = new Bench();
    bench.plug();
    await bench.show("READY");
    const { transfers } = bench.bus;
    await bench.show("READY");
    await bench.pass(4000);
    assert.equal(bench.bus.transfers, transfers);
  });

  it("notices within 5 s that the display lost power and came back", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("READY");
    display.powerOn();
    assert.ok(!display.isLit);
    await bench.pass(5000);
    assert.ok(shows(display, "READY"));
  });

  it("says once that the display is gone, and once that it is back", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("READY");
    bench.bus.displays.clear();
    await bench.show("JOINING");
    assert.equal(
      bench.oled.trouble,
      "No display at 0x3c on /dev/i2c-1 (EREMOTEIO): check its plug and wires.",
    );
    await bench.pass(60_000);
    assert.equal(bench.lines.length, 2);

    display.powerOn();
    bench.bus.displays.set(0x3c, display);
    await bench.pass(15_000);
    assert.ok(shows(display, "JOINING"));
    assert.equal(bench.oled.trouble, null);
    assert.deepEqual(bench.lines.slice(2), ["SSD1306 display at 0x3c on /dev/i2c-1."]);
  });

  it("tries again after 1, 2, 4, 8, then each 15 s, with a file of its own each time", async () => {
    const bench = new Bench({ display: "ssd1306" });
    await bench.show("READY");
    const triesAtMs = [0];
    for (let tries = bench.bus.transfers; bench.clock.nowMs() < 50_000; tries = bench.bus.transfers) {
      await bench.pass(10);
      if (bench.bus.transfers > tries) triesAtMs.push(bench.clock.nowMs());
    }
    assert.deepEqual(triesAtMs, [0, 1000, 3000, 7000, 15_000, 30_000, 45_000]);
    assert.equal(bench.bus.opened, 7);
    assert.equal(bench.bus.closed, 7);
    assert.equal(bench.lines.length, 1);
  });

  it("keeps a loose plug from filling the log", async () => {
    const bench = new Bench();
    bench.plug();
    for (let second = 0; second < 120; second++) {
      bench.bus.failing = second % 2 === 0 ? null : "EREMOTEIO";
      await bench.show(String(second));
      await bench.pass(1000);
    }
    assert.ok(bench.lines.length < 30, `${bench.lines.length} lines`);
  });

  it("is no trouble where no display was ever found, and goes on looking", async () => {
    const bench = new Bench();
    await bench.show("READY");
    await bench.pass(100_000);
    assert.equal(bench.oled.trouble, null);
    assert.deepEqual(bench.lines, []);
    const display = bench.plug();
    await bench.pass(15_000);
    assert.ok(shows(display, "READY"));
  });

  it("says what is in the way of looking", async () => {
    const bench = new Bench();
    bench.bus.failing = "EACCES";
    await bench.show("READY");
    await bench.pass(60_000);
    assert.deepEqual(bench.lines, [
      "No display at 0x3c on /dev/i2c-1 (EACCES): the box's user must be in the group i2c.",
    ]);
  });

  it("says what to do where there is no such bus", async () => {
    const bench = new Bench({ display: "ssd1306" });
    bench.bus.failing = "ENOENT";
    await bench.show("READY");
    assert.deepEqual(bench.lines, [
      "No display at 0x3c on /dev/i2c-1 (ENOENT): I2C is not enabled, or [panel] i2c_bus is another number.",
    ]);
  });

  it("waits for a bus that hangs with one transfer only, and says so", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("READY");
    bench.bus.hang();
    for (let change = 0; change < 100; change++) {
      await bench.show(String(change));
      await bench.pass(100);
    }
    assert.equal(
      bench.oled.trouble,
      "The display at 0x3c on /dev/i2c-1 keeps the bus busy: check its plug and wires.",
    );
    bench.bus.letGo();
    await bench.pass(250);
    assert.ok(shows(display, "99"));
    assert.equal(bench.oled.trouble, null);
    assert.equal(bench.lines.length, 3);
    assert.equal(bench.bus.mostInFlight, 1);
  });

  it("shows the right picture in the end, whatever happened", async () => {
    const random = new Random(11);
    const bench = new Bench();
    const display = bench.plug("sh1106");
    for (let round = 0; round < 20; round++) {
      for (let turn = 0; turn < 50; turn++) {
        random.pick([
          () => bench.bus.displays.clear(),
          () => {
            display.powerOn();
            bench.bus.displays.set(0x3c, display);
          },
          () => {
            bench.bus.failing = random.pick(["ETIMEDOUT", "EREMOTEIO", null]);
          },
          () => bench.bus.hang(),
          () => bench.bus.letGo(),
          () => bench.oled.show(viewOf(String(random.below(100)))),
        ])();
        await bench.pass(random.pick([10, 100, 1000]));
      }
      bench.bus.displays.set(0x3c, display);
      bench.bus.failing = null;
      bench.bus.letGo();
      await bench.show(`round ${round}`);
      await bench.pass(15_250);
      assert.ok(shows(display, `round ${round}`), `round ${round}`);
      assert.equal(bench.oled.trouble, null);
      await bench.pass(random.below(10_000));
    }
    assert.equal(bench.bus.mostInFlight, 1);
    assert.equal(bench.bus.opened - bench.bus.closed, 1);
  });

  it("is dark, and forgets what it showed, when closed", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("READY");
    await bench.show("STOPPING");
    await bench.oled.close();
    assert.ok(!display.isLit);
    assert.ok(display.picture.every((byte) => byte === 0));
    assert.equal(bench.bus.opened, bench.bus.closed);
    assert.equal(bench.clock.pending, 0);
    await bench.show("READY");
    assert.ok(!display.isLit);
  });

  it("leaves up what it was shown last, drawn or not, where the machine is to be switched off", async () => {
    const bench = new Bench();
    const display = bench.plug();
    for (const text of ["READY", "STOPPING", "PULL THE PLUG"]) bench.oled.show(viewOf(text));
    await bench.oled.close(true);
    assert.ok(shows(display, "PULL THE PLUG"));
    assert.equal(bench.bus.opened, bench.bus.closed);
    assert.equal(bench.clock.pending, 0);
  });

  it("closes in the middle of an update, without a display, and within a second on a bus that hangs", async () => {
    const busy = new Bench();
    const display = busy.plug();
    busy.oled.show(viewOf("READY"));
    await busy.oled.close();
    assert.ok(!display.isLit);
    assert.equal(busy.bus.writes.length, darkWrites(ssd1306).length, "it finished the update first");

    const none = new Bench();
    await none.show("READY");
    await none.oled.close();

    const hung = new Bench();
    hung.plug();
    hung.bus.hang();
    await hung.show("READY");
    const closing = hung.oled.close();
    await hung.pass(1000);
    await closing;
  });

  it("dims a picture that stays for ten minutes, until the next one", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("READY");
    const bright = display.contrast ?? 0;
    await bench.pass(9 * 60_000);
    assert.equal(display.contrast, bright);
    await bench.pass(61_000 + 5000);
    assert.ok((display.contrast ?? 255) < bright);
    await bench.show("JOINING");
    assert.equal(display.contrast, bright);
    assert.ok(shows(display, "JOINING"));
  }).timeout(60_000);

  it("is bright again even if the next picture comes while a dim one is on its way", async () => {
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("READY");
    const bright = display.contrast ?? 0;
    await bench.pass(10 * 60_000 + 6000);
    assert.ok((display.contrast ?? 255) < bright);
    bench.bus.hang();
    await bench.pass(5000);
    await bench.show("JOINING");
    bench.bus.letGo();
    await bench.pass(500);
    assert.ok(shows(display, "JOINING"));
    assert.equal(display.contrast, bright);
  }).timeout(60_000);

  it("is dark when the process exits, however that comes, and is none of its concern once it is closed", async () => {
    const before = process.listeners("exit");
    const bench = new Bench();
    const display = bench.plug();
    await bench.show("NOT REC");
    const [onExit, ...more] = process.listeners("exit").filter((listener) => !before.includes(listener));
    assert.ok(onExit && more.length === 0);
    onExit(1);
    assert.equal(display.isLit, false);
    bench.bus.failing = "EREMOTEIO";
    onExit(1);
    await bench.oled.close();
    assert.deepEqual(process.listeners("exit"), before);
  });

  describe("with levels", () => {
    const levelsOf = (db: number): Levels => ({ capture: [db, -120], playback: [-120, db] });

    it("draws them below the text, four times a second, for a fiftieth of the bus at most", async () => {
      let levels = levelsOf(-30);
      const bench = new Bench({ levels: () => levels });
      const display = bench.plug();
      await bench.show("Basement");
      await bench.pass(1000);
      const expected = drawScreen(viewOf("Basement").display);
      drawLevels(expected, levels);
      assert.deepEqual(display.picture, expected.bytes);
      const before = bench.bus.writes.length;
      for (let quarter = 0; quarter < 16; quarter++) {
        levels = levelsOf(quarter % 2 === 0 ? -12 : -48);
        await bench.pass(250);
      }
      const bytes = bench.bus.writes.slice(before).reduce((sum, size) => sum + size, 0);
      assert.ok((bytes * 9) / 4 < 400_000 * 0.02, `${bytes} bytes in 4 s`);
    });

    it("lets news pass at once", async () => {
      let db = 0;
      const bench = new Bench({ levels: () => levelsOf(--db % 60) });
      const display = bench.plug();
      await bench.show("0");
      for (let turn = 1; turn < 20; turn++) {
        await bench.pass(510 + turn * 13);
        const { length } = bench.bus.writes;
        await bench.show("#".repeat(1 + (turn % 16)));
        assert.ok(bench.bus.writes.length > length, `turn ${turn}`);
        assert.ok(display.isLit);
      }
    });

    it("leaves them out where text needs the room", async () => {
      const bench = new Bench({ levels: () => levelsOf(-10) });
      const display = bench.plug();
      const view = {
        ...viewOf(""),
        display: Array.from({ length: 8 }, () => ({ text: "words", size: "small" as const })),
      };
      bench.oled.show(view);
      await bench.pass(1000);
      assert.deepEqual(Buffer.from(display.picture), Buffer.from(drawScreen(view.display).bytes));
    });
  });
});
