// A display as its data sheet has it, SSD1306 or SH1106: commands and memory, as far as the box uses them.

import assert from "node:assert/strict";
import { Random } from "../../support/random.js";

const pages = 8;
const shownColumns = 128;

interface Chip {
  /** Columns of its memory, and the first of those that show. */
  readonly columns: number;
  readonly left: number;
  readonly status: number;
  /** What it knows: each first byte with how many follow. What else is sent is a mistake. */
  readonly commands: ReadonlyMap<number, number>;
}

const bothKnow: readonly (readonly [number, number])[] = [
  ...range(0x00, 0x1f),
  ...range(0x40, 0x7f),
  ...range(0xa0, 0xa1),
  ...range(0xa4, 0xa7),
  ...range(0xae, 0xb7),
  ...range(0xc0, 0xc0),
  ...range(0xc8, 0xc8),
  ...range(0xe3, 0xe3),
  ...[0x81, 0xa8, 0xd3, 0xd5, 0xd9, 0xda, 0xdb].map((command) => [command, 1] as const),
];

const chips = {
  ssd1306: {
    columns: 128,
    left: 0,
    status: 0x06,
    commands: new Map([...bothKnow, [0x20, 1], [0x21, 2], [0x22, 2], [0x2e, 0], [0x2f, 0], [0x8d, 1]]),
  },
  sh1106: {
    columns: 132,
    left: 2,
    status: 0x08,
    commands: new Map([...bothKnow, ...range(0x30, 0x33), [0xad, 1]]),
  },
} satisfies Record<string, Chip>;

export type ChipName = keyof typeof chips;

export class DisplayModel {
  readonly #chip: Chip;
  #memory: Uint8Array = new Uint8Array();
  #settings = new Map<number, number>();
  #page = 0;
  #column = 0;
  #random = new Random(1);

  constructor(readonly name: ChipName) {
    this.#chip = chips[name];
    this.powerOn();
  }

  /** Dark, in page addressing mode, with noise in its memory. */
  powerOn(): void {
    this.#memory = this.#random.bytes(pages * this.#chip.columns);
    this.#settings = new Map([
      [0xae, 0],
      [0x20, 2],
    ]);
  }

  get isLit(): boolean {
    return (
      this.#settings.has(0xaf) && (this.#settings.get(0x8d) === 0x14 || this.#settings.get(0xad) === 0x8b)
    );
  }

  get contrast(): number | undefined {
    return this.#settings.get(0x81);
  }

  /** Columns run right to left and rows bottom to top, as the usual modules are wired. */
  get isUpright(): boolean {
    return this.#settings.has(0xa1) && this.#settings.has(0xc8);
  }

  get status(): number {
    return this.#chip.status | (this.#settings.has(0xaf) ? 0 : 0x40);
  }

  /** Pages of 128 columns that can be seen when it is lit. */
  get picture(): Uint8Array {
    const picture = new Uint8Array(pages * shownColumns);
    for (let page = 0; page < pages; page++) {
      const start = page * this.#chip.columns + this.#chip.left;
      picture.set(this.#memory.subarray(start, start + shownColumns), page * shownColumns);
    }
    return picture;
  }

  /** One write on the bus: a control byte, then commands or data. */
  take(bytes: Uint8Array): void {
    const [control, ...rest] = bytes;
    if (control === 0x40) for (const byte of rest) this.#store(byte);
    else if (control === 0x00) this.#obeyAll(rest);
    else assert.fail(`control byte ${control}`);
  }

  #store(byte: number): void {
    assert.ok(this.#column < this.#chip.columns, "written past the last column");
    assert.ok(this.name === "sh1106" || this.#settings.get(0x20) === 2, "not in page addressing mode");
    this.#memory[this.#page * this.#chip.columns + this.#column++] = byte;
  }

  #obeyAll(bytes: number[]): void {
    while (bytes.length > 0) {
      const command = bytes.shift() ?? 0;
      const count = this.#chip.commands.get(command);
      assert.ok(count !== undefined, `the ${this.name} knows no command 0x${command.toString(16)}`);
      assert.ok(bytes.length >= count, `command 0x${command.toString(16)} is cut off`);
      this.#obey(command, bytes.splice(0, count));
    }
  }

  #obey(command: number, [argument = 0]: readonly number[]): void {
    if (command < 0x10) this.#column = (this.#column & 0xf0) | command;
    else if (command < 0x20) this.#column = (this.#column & 0x0f) | ((command & 0x0f) << 4);
    else if (command >= 0xb0 && command <= 0xb7) this.#page = command & 7;
    else {
      for (const pair of [
        [0xa0, 0xa1],
        [0xae, 0xaf],
        [0xc0, 0xc8],
      ]) {
        if (pair.includes(command)) for (const other of pair) this.#settings.delete(other);
      }
      this.#settings.set(command, argument);
    }
  }
}

function range(first: number, last: number): (readonly [number, number])[] {
  return Array.from({ length: last - first + 1 }, (_, at) => [first + at, 0] as const);
}
