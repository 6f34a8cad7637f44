// What the panel needs of GPIO lines, and the two kernel interfaces give. "Active": a button down, a LED lit.

export interface InputLine {
  isActive(): boolean;
  /** Tells at once what the listener has not been told yet. */
  catchUp(): void;
  close(): void;
}

export interface OutputLine {
  set(active: boolean): void;
  close(): void;
}

export interface InputListener {
  /** `atMs` is CLOCK_MONOTONIC. */
  changed(active: boolean, atMs: number): void;
  /** Nothing will be heard of the line any more. */
  lost(error: unknown): void;
}

export interface LineDriver {
  /** Whether every change is told, with its own time; otherwise only what the line has come to when somebody looks. */
  readonly tellsAll: boolean;
  /** Pulled up where the interface can. What the system refuses is thrown, with its `code`. */
  openInput(gpio: number, activeLow: boolean, listener: InputListener): InputLine;
  /** Starts inactive. */
  openOutput(gpio: number, activeLow: boolean): OutputLine;
}
