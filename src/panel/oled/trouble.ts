// A failure of the bus in a line: which device, what failed, what to do.

const remedies: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "I2C is not enabled, or [panel] i2c_bus is another number"],
  ["EACCES", "the box's user must be in the group i2c"],
  ["EBUSY", "a kernel driver holds this address"],
]);

/** No such bus, or nobody at this address: drivers say either ENXIO or EREMOTEIO. */
export function meansAbsent(error: unknown): boolean {
  return ["ENOENT", "ENXIO", "EREMOTEIO"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** For the error of a call, as Node and i2c-bus throw them. */
export function troubleLine(error: unknown, place: string): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return `No display at ${place} (${code}): ${remedies.get(code) ?? "check its plug and wires"}.`;
}

export function hangLine(place: string): string {
  return `The display at ${place} keeps the bus busy: check its plug and wires.`;
}

/** A display's address and bus as one finds them in /dev and in the settings. */
export function placeOf(address: number, bus: number): string {
  return `0x${address.toString(16)} on /dev/i2c-${bus}`;
}
