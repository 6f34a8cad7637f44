// What ends the demo: a signal, a key, or its time. The first counts; a second signal is no reason to leave a mess.

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class Ending {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** Resolves when the demo is to end. */
  readonly reached = new Promise<void>((resolve) => {
    this.signal.addEventListener("abort", () => resolve());
  });

  /** From now on signals end the demo, and only the demo. */
  constructor() {
    for (const signal of signals) process.on(signal, this.now);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly now = (): void => {
    this.controller.abort();
  };

  after(seconds: number): void {
    this.timer = setTimeout(this.now, seconds * 1000);
  }

  /** Signals do what they do to any program again. */
  forget(): void {
    clearTimeout(this.timer);
    for (const signal of signals) process.off(signal, this.now);
  }
}
