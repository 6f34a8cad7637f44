// What the addon offers for GPIO lines: the shape the loader gives and the panel takes.

/** A change of a line; `atMs` is CLOCK_MONOTONIC, taken by the kernel. */
export interface GpioChange {
  readonly active: boolean;
  readonly atMs: number;
}

/** Held, so that nobody else can have it, until closed. */
export interface NativeGpioInput {
  isActive(): boolean;
  /** All changes that wait, oldest first. Throws, and calls back no more, when the chip is gone. */
  take(): GpioChange[];
  close(): void;
}

/** Held, so that nobody else can have it, until closed. */
export interface NativeGpioOutput {
  set(active: boolean): void;
  close(): void;
}

/** `chip` is a /dev/gpiochip. What the system refuses is thrown with its `code`, such as EBUSY for a line that is taken. */
export interface NativeGpio {
  /** Pulled up. Calls back when changes wait; a change counts once the line was steady for `debounceUs`. */
  readonly GpioInput: new (
    chip: string,
    line: number,
    activeLow: boolean,
    debounceUs: number,
    onChanges: () => void,
  ) => NativeGpioInput;
  /** Starts inactive. */
  readonly GpioOutput: new (
    chip: string,
    line: number,
    activeLow: boolean,
  ) => NativeGpioOutput;
  readGpioChip(chip: string): { readonly label: string; readonly lines: number };
}
