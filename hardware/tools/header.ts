// The 40 pins of a Raspberry Pi's header: what each one is, by its number.

/** By pin, from 1: a GPIO's BCM number, or the name of a supply. Pins 27 and 28 are for the ID EEPROM of a HAT alone. */
const pins: readonly (number | "3V3" | "5V" | "GND")[] = [
  ..."3V3 5V 2 5V 3 GND 4 14 GND 15 17 18 27 GND 22 23 3V3 24 10 GND 9 25 11 8 GND 7".split(" "),
  ..."0 1 5 GND 6 12 13 GND 19 16 26 20 GND 21".split(" "),
].map((name) => (name === "3V3" || name === "5V" || name === "GND" ? name : Number(name)));

export const pinCount = pins.length;

/** "3V3", "GND" or "GPIO 6". */
export function pinName(pin: number): string {
  const name = pins[pin - 1];
  if (name === undefined) throw new RangeError(`the header has no pin ${pin}`);
  return typeof name === "number" ? `GPIO ${name}` : name;
}

/** The pin that carries a GPIO, 0 to 27. */
export function pinOfGpio(gpio: number): number {
  const pin = pins.indexOf(gpio) + 1;
  if (pin === 0) throw new RangeError(`the header has no GPIO ${gpio}`);
  return pin;
}
