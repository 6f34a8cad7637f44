// A display found on the bus: which controller it has, and the way to it.

import { type Controller, controllerOf, sh1106, ssd1306 } from "./controllers.js";
import { displayOff } from "./update.js";

/** What we use of i2c-bus: its promises, each carried out by a worker thread, so a slow bus delays nobody else. */
export interface Bus {
  i2cRead(address: number, length: number, buffer: Buffer): Promise<{ readonly buffer: Buffer }>;
  i2cWrite(address: number, length: number, buffer: Buffer): Promise<unknown>;
  close(): Promise<void>;
  /** Its other face, which waits. */
  bus(): { i2cWriteSync(address: number, length: number, buffer: Buffer): unknown };
}

export type OpenBus = (bus: number) => Promise<Bus>;

/** `auto` finds controller and address out, the address given being the first to be asked. */
export type DisplayType = "auto" | "ssd1306" | "sh1106";

/** The addresses a display's jumper chooses from. */
const usualAddresses = [0x3c, 0x3d];

const offWrite = Buffer.from(displayOff);

export class Link {
  constructor(
    readonly controller: Controller,
    readonly address: number,
    readonly bus: Bus,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    await this.bus.i2cWrite(this.address, buffer.length, buffer);
  }

  /** For a process that has no time left to wait for anything. */
  switchOffAtOnce(): void {
    try {
      this.bus.bus().i2cWriteSync(this.address, offWrite.length, offWrite);
    } catch {
      // A display that is gone is dark.
    }
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}

/** Fails with the error of the first address asked. A display whose controller is given is taken to be there. */
export async function findDisplay(
  openBus: OpenBus,
  bus: number,
  address: number,
  type: DisplayType,
): Promise<Link> {
  if (type !== "auto") return new Link(type === "sh1106" ? sh1106 : ssd1306, address, await openBus(bus));
  let firstError: unknown = null;
  for (const candidate of new Set([address, ...usualAddresses])) {
    try {
      return await askDisplay(openBus, bus, candidate);
    } catch (error) {
      firstError ??= error;
    }
  }
  throw firstError;
}

/** After a failure i2c-bus would go on with a file that may not be bound to its address, so each try has its own. */
async function askDisplay(openBus: OpenBus, bus: number, address: number): Promise<Link> {
  const opened = await openBus(bus);
  try {
    const { buffer } = await opened.i2cRead(address, 1, Buffer.alloc(1));
    return new Link(controllerOf(buffer[0] ?? 0), address, opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
