// An I2C bus with displays on it, in place of i2c-bus: counts what passes, and fails or hangs to order.

import type { Bus, OpenBus } from "../../../src/panel/oled/link.js";
import type { DisplayModel } from "./display-model.js";

export class FakeBus {
  readonly displays = new Map<number, DisplayModel>();
  /** Bytes written, one entry a write. */
  readonly writes: number[] = [];
  transfers = 0;
  opened = 0;
  closed = 0;
  mostInFlight = 0;
  /** Every transfer fails with this code. */
  failing: string | null = null;
  #inFlight = 0;
  #hanging: Promise<void> | null = null;
  #letGo = () => {};

  /** Transfers hang from now on, until `letGo`. */
  hang(): void {
    this.#hanging ??= new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  letGo(): void {
    this.#hanging = null;
    this.#letGo();
  }

  readonly open: OpenBus = async () => {
    this.opened++;
    const bus: Bus = {
      i2cRead: (address, _length, buffer) =>
        this.#transfer(address, (display) => {
          buffer.fill(display.status);
          return { buffer };
        }),
      i2cWrite: (address, length, buffer) =>
        this.#transfer(address, (display) => {
          this.writes.push(length);
          display.take(buffer.subarray(0, length));
        }),
      close: async () => {
        this.closed++;
      },
      bus: () => ({
        i2cWriteSync: (address, length, buffer) => {
          if (this.failing !== null) throw systemError(this.failing);
          this.displays.get(address)?.take(buffer.subarray(0, length));
        },
      }),
    };
    return bus;
  };

  async #transfer<T>(address: number, action: (display: DisplayModel) => T): Promise<T> {
    this.transfers++;
    this.mostInFlight = Math.max(this.mostInFlight, ++this.#inFlight);
    await this.#hanging;
    this.#inFlight--;
    if (this.failing !== null) throw systemError(this.failing);
    const display = this.displays.get(address);
    if (!display) throw systemError("EREMOTEIO");
    return action(display);
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}, i2c`), { code });
}
