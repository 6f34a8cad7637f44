// Timers known by name: setting one again replaces it, so a name never fires twice for one setting.

import type { Cancel, Scheduler } from "./clock.js";

export class NamedTimers<Name extends string> {
  private readonly running = new Map<Name, Cancel>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly fired: (name: Name) => void,
  ) {}

  set(name: Name, inMs: number): void {
    this.clear(name);
    const cancel = this.scheduler.after(inMs, () => {
      this.running.delete(name);
      this.fired(name);
    });
    this.running.set(name, cancel);
  }

  clear(name: Name): void {
    this.running.get(name)?.();
    this.running.delete(name);
  }

  clearAll(): void {
    for (const cancel of this.running.values()) cancel();
    this.running.clear();
  }
}
