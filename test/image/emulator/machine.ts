// An emulated machine that boots a card as a Pi would: QEMU's board `virt` with a Pi 3's processor, or its `raspi3b`.

import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { slotFolder } from "../../../image/build/layout.js";
import { launch, type TestProcess } from "../../support/process.js";
import { until } from "../../support/until.js";
import { type Card, firmware } from "./card.js";
import { Qmp } from "./qmp.js";
import { Shell } from "./shell.js";

/** Where no other figure is given: an emulated processor on a machine that does other things besides. */
export const bootDeadlineMs = 900_000;

/** Not at a line's beginning: the console is told to reset itself now and then. */
export const readyLine = /plugjam: ready, ([\d.]+) s after the kernel/;

/** What a Pi's firmware adds to the device tree, and QEMU doesn't. */
export const serialNumber = "10000000abcd1234";

const board = "-M virt,gic-version=3 -cpu cortex-a53 -smp 4 -m 1024".split(" ");

export interface MachineOptions {
  readonly card: Card;
  /** Boots what tryboot.txt names. */
  readonly trial?: boolean;
  /** More words for QEMU. */
  readonly args?: readonly string[];
  /** More words for the kernel. */
  readonly append?: string;
  /** In the guest: 10.0.2.15. Ports of this machine that lead to ports there, such as `udp:5000-:22124`. */
  readonly forward?: readonly string[];
}

/** What is booted in place of a card's slot, by files. */
export interface Kernel {
  readonly kernel: string;
  readonly initrd: string;
  readonly commandLine: string;
}

export class Machine {
  readonly process: TestProcess;
  /** All that the console has shown. */
  readonly console: string[] = [];
  readonly #folder: string;

  private constructor(process: TestProcess, folder: string) {
    this.process = process;
    this.#folder = folder;
    process.onLine = (line) => this.console.push(line.replace(/\r/g, ""));
  }

  static boot({ card, trial = false, ...options }: MachineOptions): Machine {
    const folder = mkdtempSync(path.join(tmpdir(), "plugjam-machine-"));
    const { kernel, initrd, commandLine } = firmware(card, trial);
    writeFileSync(path.join(folder, "kernel"), kernel);
    writeFileSync(path.join(folder, "initrd"), initrd);
    return Machine.start(folder, card.file, {
      ...options,
      kernel: path.join(folder, "kernel"),
      initrd: path.join(folder, "initrd"),
      commandLine,
    });
  }

  /** A Pi 3 with its own card reader and device tree, as far as QEMU has them: no network, and no shell. */
  static bootPi3(card: Card): Machine {
    const folder = mkdtempSync(path.join(tmpdir(), "plugjam-machine-"));
    const { slot, kernel, initrd, commandLine } = firmware(card, false);
    const tree = card.bootFile(`${slotFolder(slot)}/bcm2837-rpi-3-b.dtb`);
    for (const [name, bytes] of Object.entries({ kernel, initrd, tree }))
      writeFileSync(path.join(folder, name), bytes);
    const file = (name: string) => path.join(folder, name);
    const words = [
      ..."-M raspi3b -accel tcg,thread=multi,tb-size=512".split(" "),
      // The first serial port is Bluetooth's.
      ..."-nodefaults -nographic -no-reboot -serial null -serial stdio".split(" "),
      ...["-kernel", file("kernel"), "-initrd", file("initrd"), "-dtb", file("tree")],
      // QEMU's watchdog of a Pi has no clock: it bites as soon as it is let out.
      ...[
        "-append",
        `${commandLine} console=ttyS1,115200 systemd.service_watchdogs=0 systemd.watchdog_sec=0`,
      ],
      ...["-drive", `if=sd,format=raw,file=${card.file}`],
    ];
    return new Machine(launch("qemu-system-aarch64", words, { ownFolder: folder }), folder);
  }

  /** `folder` is removed with the machine. */
  static start(
    folder: string,
    disk: string,
    {
      kernel,
      initrd,
      commandLine,
      args = [],
      append = "",
      forward = [],
    }: Kernel & Omit<MachineOptions, "card">,
  ): Machine {
    const tree = path.join(folder, "tree");
    execFileSync("qemu-system-aarch64", [...board, "-M", `dumpdtb=${tree}`, "-display", "none"], {
      stdio: "pipe",
    });
    execFileSync("fdtput", ["-t", "s", tree, "/", "serial-number", serialNumber]);
    const forwards = forward.map((each) => `,hostfwd=${each}`).join("");
    const process = launch(
      "qemu-system-aarch64",
      [
        ...board,
        ..."-accel tcg,thread=multi,tb-size=512".split(" "),
        ..."-nodefaults -nographic -no-reboot -serial stdio".split(" "),
        ...["-kernel", kernel, "-initrd", initrd, "-dtb", tree],
        ...["-append", `${commandLine} console=ttyAMA0 systemd.debug_shell=ttyS0 ${append}`],
        ...[
          "-drive",
          `if=none,id=card,format=raw,file=${disk}`,
          "-device",
          "virtio-blk-pci,drive=card,num-queues=1",
        ],
        ...["-nic", `user,id=net0,model=virtio-net-pci${forwards}`],
        ...["-chardev", `socket,id=shell,path=${folder}/shell,server=on,wait=off`],
        ...["-device", "pci-serial,chardev=shell"],
        ...["-qmp", `unix:${folder}/qmp,server=on,wait=off`],
        ...args,
      ],
      { ownFolder: folder },
    );
    return new Machine(process, folder);
  }

  /** Resolves with the seconds from the kernel's start, as the box tells them. */
  async ready(deadlineMs = bootDeadlineMs): Promise<number> {
    return Number((await this.shows(readyLine, deadlineMs))[1]);
  }

  /** Waits for a line on the console. */
  shows(line: RegExp, deadlineMs = bootDeadlineMs): Promise<RegExpExecArray> {
    const find = () => this.console.map((each) => line.exec(each)).find((match) => match !== null);
    return until(`${line} on the console`, find, { deadlineMs, hopeless: () => this.#gone() }).catch(
      (error) => {
        throw new Error(`${error.message}\n${this.console.slice(-40).join("\n")}`);
      },
    );
  }

  shell(): Promise<Shell> {
    return Shell.connect(path.join(this.#folder, "shell"), () => this.#gone());
  }

  qmp(): Promise<Qmp> {
    return Qmp.connect(path.join(this.#folder, "qmp"), () => this.#gone());
  }

  /** As if the plug were pulled. */
  async cutPower(): Promise<void> {
    await this.process.kill();
  }

  /** The box switches itself off or starts again; the last lines of the console say which. */
  ended(deadlineMs = bootDeadlineMs): Promise<string> {
    return until("the machine's end", () => this.process.end, { deadlineMs });
  }

  #gone(): string | null {
    return this.process.end === null ? null : this.process.describe();
  }
}
