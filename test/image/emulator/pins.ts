// A Pi's pins for the emulated box: the kernel's gpio-sim, brought in on a disk of its own, and pressed from the root shell.

import path from "node:path";
import { kernelModules } from "../../../image/build/kernel-module.js";
import { run } from "../../../image/build/step.js";
import type { Shell } from "./shell.js";

const chip = "/sys/kernel/config/gpio-sim/pi";
/** Of the chip in a Pi 4. */
const label = "pinctrl-bcm2711";

/** Of the board `default`, by BCM number. */
export const pins = { connect: 6, mute: 5, link: 23, rec: 22, muted: 27 } as const;

// irq_sim is part of the kernel or not at all: here it becomes a module, in the words that modules may use.
const prepare = [
  "tar --extract --wildcards --strip-components=3 --file /usr/src/linux-source-*.tar.xz */drivers/gpio/gpio-sim.c */drivers/gpio/gpiolib.h */kernel/irq/irq_sim.c",
  "mv irq_sim.c irq-sim-module.c",
  'sed -i "s/handle_simple_irq(irq_to_desc(\\(.*\\)));/generic_handle_irq_safe(\\1);/" irq-sim-module.c',
  'printf "#include <linux/module.h>\\nMODULE_LICENSE(\\"GPL\\");\\n" >>irq-sim-module.c',
].join("\n");

/** A disk with the modules for that kernel, for QEMU's -drive. */
export async function pinsDisk(kernelVersion: string): Promise<string> {
  const modules = await kernelModules({
    source: path.resolve("test/image/emulator/pins"),
    kernelVersion,
    packages: [`linux-source-${kernelVersion.split(".").slice(0, 2).join(".")}`],
    prepare,
  });
  const disk = `${modules}.disk`;
  await run("mksquashfs", [modules, disk, "-noappend", "-quiet", "-no-progress"]);
  return disk;
}

export class Pins {
  readonly #shell: Shell;
  readonly #lines: string;

  private constructor(shell: Shell, lines: string) {
    this.#shell = shell;
    this.#lines = lines;
  }

  /** Makes the pins, with the buttons up; `disk` is the device of pinsDisk in there. */
  static async plugIn(shell: Shell, disk: string): Promise<Pins> {
    await shell.output(`mkdir -p /run/pins && mount -t squashfs -o ro ${disk} /run/pins`);
    await shell.output("modprobe configfs && mount -t configfs configfs /sys/kernel/config");
    await shell.output("for name in irq-sim-module gpio-sim; do insmod /run/pins/$name.ko; done");
    await shell.output(
      `mkdir -p ${chip}/bank0 && echo 54 >${chip}/bank0/num_lines && echo ${label} >${chip}/bank0/label && echo 1 >${chip}/live`,
    );
    const lines = await shell.output(
      `echo /sys/devices/platform/$(cat ${chip}/dev_name)/$(cat ${chip}/bank0/chip_name)`,
    );
    const made = new Pins(shell, lines);
    for (const button of ["connect", "mute"] as const) await made.#pull(button, "up");
    return made;
  }

  /** Buttons connect their pins to ground. */
  async press(button: "connect" | "mute", seconds = 0.1): Promise<void> {
    await this.#pull(button, "down");
    await this.#shell.output(`sleep ${seconds}`);
    await this.#pull(button, "up");
  }

  async lit(led: "link" | "rec" | "muted"): Promise<boolean> {
    return (await this.#shell.output(`cat ${this.#lines}/sim_gpio${pins[led]}/value`)) === "1";
  }

  async #pull(button: "connect" | "mute", to: "up" | "down"): Promise<void> {
    await this.#shell.output(`echo pull-${to} >${this.#lines}/sim_gpio${pins[button]}/pull`);
  }
}
