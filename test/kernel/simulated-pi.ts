// In the guest: the pins and the display of a Raspberry Pi, from the far side of the wires.

import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ButtonName } from "../../src/core/event.js";

const simulator = "/sys/kernel/config/gpio-sim/pi";
const bank = join(simulator, "bank0");
/** Of the chip in a Pi 4. */
const label = "pinctrl-bcm2711";
const display = "/sys/kernel/debug/oled-sim";

/** Of the board `default`, by BCM number. */
export const pins = { connect: 6, mute: 5, link: 23, rec: 22, muted: 27 } as const;

export interface PressOptions {
  readonly heldMs?: number;
  /** How long the contacts bounce, at each end of the press; they rest for at least a millisecond each time. */
  readonly bounceMs?: number;
}

export class SimulatedPi {
  readonly #lines: string;
  /** Files kept open: bounces write them often. */
  readonly #pulls: Readonly<Record<ButtonName, number>>;
  /** What sysfs adds to the number of a pin. */
  readonly base: number;
  /** Such as /dev/gpiochip0. */
  readonly device: string;

  /** Its pins appear as a Pi's do; buttons are up, as the pull-ups of the board have it. `taken`: by a kernel driver. */
  constructor({ taken = [] as readonly number[] } = {}) {
    mkdirSync(bank, { recursive: true });
    writeFileSync(join(bank, "num_lines"), "54");
    writeFileSync(join(bank, "label"), label);
    for (const pin of taken) {
      const hog = join(bank, `line${pin}`, "hog");
      mkdirSync(hog, { recursive: true });
      writeFileSync(join(hog, "name"), "somebody else");
    }
    writeFileSync(join(simulator, "live"), "1");
    const chip = read(join(bank, "chip_name"));
    this.device = `/dev/${chip}`;
    this.#lines = join("/sys/devices/platform", read(join(simulator, "dev_name")), chip);
    this.base = base();
    const pull = (button: ButtonName) => openSync(join(this.#lines, `sim_gpio${pins[button]}/pull`), "w");
    this.#pulls = { connect: pull("connect"), mute: pull("mute") };
    for (const button of ["connect", "mute"] as const) this.#set(button, "up");
  }

  /** The chip is gone, and a new one may be made. */
  remove(): void {
    for (const pull of Object.values(this.#pulls)) closeSync(pull);
    writeFileSync(join(simulator, "live"), "0");
    for (const line of readdirSync(bank).filter((name) => /^line\d/.test(name))) {
      rmdirSync(join(bank, line, "hog"));
      rmdirSync(join(bank, line));
    }
    rmdirSync(bank);
    rmdirSync(simulator);
  }

  lit(led: "link" | "rec" | "muted"): boolean {
    return read(join(this.#lines, `sim_gpio${pins[led]}/value`)) === "1";
  }

  /** Resolves when the button is up again and at rest. */
  async press(button: ButtonName, { heldMs = 80, bounceMs = 0 }: PressOptions = {}): Promise<void> {
    await this.#move(button, "down", bounceMs);
    await sleep(heldMs);
    await this.#move(button, "up", bounceMs);
  }

  /** Down, and it stays. */
  hold(button: ButtonName): void {
    this.#set(button, "down");
  }

  release(button: ButtonName): void {
    this.#set(button, "up");
  }

  async #move(button: ButtonName, to: "up" | "down", bounceMs: number): Promise<void> {
    const from = to === "up" ? "down" : "up";
    const endMs = performance.now() + bounceMs;
    const rest = () => sleep(Math.min(1 + Math.random() * 4, endMs - performance.now()));
    while (performance.now() < endMs - 2) {
      this.#set(button, to);
      await rest();
      this.#set(button, from);
      await rest();
    }
    this.#set(button, to);
  }

  /** Buttons connect their pins to ground. */
  #set(button: ButtonName, to: "up" | "down"): void {
    writeSync(this.#pulls[button], `pull-${to}`);
  }
}

function base(): number {
  const folder = "/sys/class/gpio";
  const chip = readdirSync(folder).find(
    (name) => /^gpiochip/.test(name) && read(join(folder, name, "label")) === label,
  );
  return Number(read(join(folder, chip!, "base")));
}

/** The display at 0x3c of I2C bus 1. */
export const simulatedDisplay = {
  /** The 1024 bytes that show. */
  picture: (): Buffer => readFileSync(join(display, "fb")),

  /** What the commands have set, and counters: see uml/oled-sim/oled-sim.c. */
  state(): Readonly<Record<string, number>> {
    const words = read(join(display, "state")).split(" ");
    return Object.fromEntries(
      words.map((word) => word.split("=")).map(([key, value]) => [key!, Number(value)]),
    );
  },

  failNext(transfers: number): void {
    writeFileSync(join(display, "fail_next"), String(transfers));
  },

  failuresToCome: (): number => Number(read(join(display, "fail_next"))),

  unplug(): void {
    writeFileSync(join(display, "absent"), "1");
  },

  plugIn(): void {
    writeFileSync(join(display, "absent"), "0");
  },
};

function read(file: string): string {
  return readFileSync(file, "utf8").trim();
}
