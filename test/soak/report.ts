// What a soak found: how soon the box was back after what, what it grew, and whether that holds.

import { percentile, type Table } from "../bench/report.js";
import type { Fault } from "./faults.js";

/** Of the box, every few seconds while it plays. */
export interface Vitals {
  readonly atMs: number;
  readonly residentMb: number;
  readonly descriptors: number;
}

export interface Recovery {
  readonly fault: string;
  readonly atMs: number;
  /** From the end of the cause to music. */
  readonly tookMs: number;
}

export interface Soak {
  readonly seed: number;
  readonly minutes: number;
  readonly recoveries: readonly Recovery[];
  readonly vitals: readonly Vitals[];
  /** It ends with music. */
  readonly plays: boolean;
  readonly clientsAtEnd: number;
}

const mostGrowthMb = 2;

/** Growth from the second fifth of the time to the last: in the first, much is done for the first time. */
export function growth(vitals: readonly Vitals[], of: (vitals: Vitals) => number): number {
  const fifth = Math.ceil(vitals.length / 5);
  const middle = (some: readonly Vitals[]) => percentile(some.map(of), 0.5);
  return middle(vitals.slice(-fifth)) - middle(vitals.slice(fifth, 2 * fifth));
}

/** What does not hold; empty: all does. A machine busy with other things has `slack` times as long to be back. */
export function failures(soak: Soak, faults: readonly Fault[], slack: number): string[] {
  const memory = growth(soak.vitals, ({ residentMb }) => residentMb);
  const open = growth(soak.vitals, ({ descriptors }) => descriptors);
  const late = soak.recoveries.filter(({ fault, tookMs }) => {
    const promised = faults.find(({ name }) => name === fault)?.promisedMs ?? 0;
    return tookMs > promised * slack;
  });
  return [
    ...(soak.plays ? [] : ["it ends without music"]),
    ...(soak.clientsAtEnd === 1 ? [] : [`the server has ${soak.clientsAtEnd} clients at the end`]),
    ...(memory <= mostGrowthMb ? [] : [`memory grew by ${memory.toFixed(1)} MB`]),
    ...(open <= 0 ? [] : [`${open} more descriptors`]),
    ...late.map(
      ({ fault, tookMs, atMs }) => `${fault} at ${seconds(atMs)} s: back after ${seconds(tookMs)} s`,
    ),
  ];
}

export function tables(soak: Soak, faults: readonly Fault[]): Table[] {
  const { vitals, recoveries } = soak;
  const middle = (of: (vitals: Vitals) => number, some = vitals) => percentile(some.map(of), 0.5);
  const first = vitals.slice(0, 1);
  const row = (what: string, of: (vitals: Vitals) => number, digits: number) => [
    what,
    middle(of, first).toFixed(digits),
    middle(of).toFixed(digits),
    middle(of, vitals.slice(-1)).toFixed(digits),
    growth(vitals, of).toFixed(digits),
  ];
  return [
    {
      title: `Soak of ${soak.minutes.toFixed(1)} minutes, seed ${soak.seed}`,
      columns: ["fault", "times", "promised s", "back s: median", "worst"],
      rows: faults.map(({ name, promisedMs }) => {
        const took = recoveries.filter(({ fault }) => fault === name).map(({ tookMs }) => tookMs);
        const figures = took.length > 0 ? [percentile(took, 0.5), Math.max(...took)].map(seconds) : ["", ""];
        return [name, took.length, seconds(promisedMs), ...figures];
      }),
    },
    {
      title: "The box's process",
      columns: ["", "first", "median", "last", "growth"],
      rows: [
        row("resident MB", ({ residentMb }) => residentMb, 2),
        row("descriptors", ({ descriptors }) => descriptors, 0),
      ],
    },
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
