// A clock that stands still until a test turns it; what was scheduled happens in its order, at its own time.

import type { Cancel, Clock, Scheduler } from "../../src/lib/clock.js";

interface Appointment {
  readonly atMs: number;
  readonly action: () => void;
}

export class ManualClock implements Clock, Scheduler {
  private now: number;
  private appointments: Appointment[] = [];

  constructor(startMs = 0) {
    this.now = startMs;
  }

  nowMs(): number {
    return this.now;
  }

  after(delayMs: number, action: () => void): Cancel {
    const appointment = { atMs: this.now + Math.max(0, delayMs), action };
    this.appointments.push(appointment);
    return () => {
      this.appointments = this.appointments.filter((other) => other !== appointment);
    };
  }

  /** How many appointments are still to come. */
  get pending(): number {
    return this.appointments.length;
  }

  /** Turns the clock on by `ms`, stopping at each appointment on the way, also at those made meanwhile. */
  advance(ms: number): void {
    const until = this.now + ms;
    for (let next = this.earliest(until); next; next = this.earliest(until)) {
      this.appointments = this.appointments.filter((other) => other !== next);
      this.now = next.atMs;
      next.action();
    }
    this.now = until;
  }

  /** The earliest appointment not after `untilMs`; of several at one time, the one made first. */
  private earliest(untilMs: number): Appointment | undefined {
    let found: Appointment | undefined;
    for (const candidate of this.appointments) {
      if (candidate.atMs <= untilMs && (!found || candidate.atMs < found.atMs)) found = candidate;
    }
    return found;
  }
}
