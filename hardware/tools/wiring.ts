// Which wire goes where, for each way to build a panel: read off the pinmap, drawn by wiring-picture.ts.

import type { Board } from "../../src/panel/gpio/pinmap.js";
import { pinOfGpio } from "./header.js";

export interface Wire {
  /** Pin of the header, 1 to 40. */
  readonly pin: number;
  /** What the part's own print calls the place the wire ends at. */
  readonly label: string;
  readonly colour: string;
}

export interface Part {
  readonly name: string;
  readonly wires: readonly Wire[];
  /** Said below the name. */
  readonly note?: string;
}

const colours = { power: "#d9342b", ground: "#3b4048", data: "#1f6fd0", clock: "#d8a200", signal: "#1d9a57" };

const ground = (pin: number): Wire => ({ pin, label: "GND", colour: colours.ground });

/** The four wires that every build has. Its ground is the one beside the others, so that they can be one ribbon. */
export const display: Part = {
  name: "Display",
  note: "SSD1306, I2C address 0x3C",
  wires: [
    { pin: 1, label: "VCC", colour: colours.power },
    { pin: pinOfGpio(2), label: "SDA", colour: colours.data },
    { pin: pinOfGpio(3), label: "SCL", colour: colours.clock },
    ground(9),
  ],
};

/** Grounds of the header that lie near the pins of the default board. */
const grounds = { muteLight: 14, rec: 20, link: 25, mute: 30, connect: 39 };

/** What a board's buttons and LEDs need, one after the other, each with a ground of its own. */
export function panelParts(board: Board): Part[] {
  const button = (name: string, gpio: number | null, groundPin: number): Part[] =>
    gpio === null
      ? []
      : [
          {
            name,
            note: "any push button",
            wires: [{ pin: pinOfGpio(gpio), label: "one leg", colour: colours.signal }, ground(groundPin)],
          },
        ];
  const led = (name: string, gpio: number | null, groundPin: number): Part[] =>
    gpio === null
      ? []
      : [
          {
            name,
            note: "LED with 470 Ω",
            wires: [{ pin: pinOfGpio(gpio), label: "long leg", colour: colours.signal }, ground(groundPin)],
          },
        ];
  return [
    ...led("MUTE light", board.leds.mute, grounds.muteLight),
    ...led("REC light", board.leds.rec, grounds.rec),
    ...led("LINK light", board.leds.link, grounds.link),
    ...button("MUTE button", board.buttons.mute, grounds.mute),
    ...button("CONNECT button", board.buttons.connect, grounds.connect),
  ];
}
