// The two display controllers, and where they differ: their setup, and the column at which the picture starts.

export interface Controller {
  readonly name: "SSD1306" | "SH1106";
  /** The SH1106 has memory for 132 columns; a display of 128 sits in their middle. */
  readonly firstColumn: number;
  /** Commands that make it show its memory upright, all but contrast and power. Harmless while it is on. */
  readonly setup: readonly number[];
}

/** Of both: clock, 64 rows, no offset, first line, upright, rows wired alternately, memory shown, not inverted. */
const common = [0xd5, 0x80, 0xa8, 0x3f, 0xd3, 0x00, 0x40, 0xa1, 0xc8, 0xda, 0x12, 0xa4, 0xa6];

export const ssd1306: Controller = {
  name: "SSD1306",
  firstColumn: 0,
  // Charge pump on, page addressing as the SH1106 has it, no scrolling, precharge, deselect level.
  setup: [...common, 0x8d, 0x14, 0x20, 0x02, 0x2e, 0xd9, 0xf1, 0xdb, 0x40],
};

export const sh1106: Controller = {
  name: "SH1106",
  firstColumn: 2,
  // Charge pump on and its voltage, precharge, deselect level.
  setup: [...common, 0xad, 0x8b, 0x32, 0xd9, 0x22, 0xdb, 0x35],
};

/** Which of the two answers with this status byte: bit 6 is power, the low bits are a fixed number. */
export function controllerOf(status: number): Controller {
  return (status & 0x0f) === 0x08 ? sh1106 : ssd1306;
}
