// A level meter in one line of text: eighths of a cell wide, with the peak of the last moments held beside it.

import { type Role, type Span, span } from "./paint.js";

/** The left end of the scale; the right end is full scale. */
const floorDb = -60;
const middleDb = -18;
const highDb = -6;
const holdMs = 1500;
const fallDbPerS = 24;

const partialCells = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

export interface MeterReading {
  readonly db: number;
  readonly peakDb: number;
  readonly peakAtMs: number;
  readonly atMs: number;
}

/** Rises at once and falls slowly, so that an eye can follow; the peak stays for a while. */
export function nextReading(before: MeterReading | undefined, levelDb: number, nowMs: number): MeterReading {
  if (before === undefined) return { db: levelDb, peakDb: levelDb, peakAtMs: nowMs, atMs: nowMs };
  const fallen = before.db - (fallDbPerS * (nowMs - before.atMs)) / 1000;
  const db = Math.max(levelDb, fallen);
  const peakIsOld = nowMs - before.peakAtMs > holdMs;
  if (levelDb >= before.peakDb || peakIsOld) return { db, peakDb: db, peakAtMs: nowMs, atMs: nowMs };
  return { db, peakDb: before.peakDb, peakAtMs: before.peakAtMs, atMs: nowMs };
}

/** The bar in `cells` columns, then the peak as a number in six. */
export function meterSpans(reading: MeterReading, cells: number): Span[] {
  const eighths = Math.round(meterPosition(reading.db) * cells * 8);
  const full = Math.floor(eighths / 8);
  const peakCell = Math.min(cells - 1, Math.floor(meterPosition(reading.peakDb) * cells));
  const spans: Span[] = [];
  for (let cell = 0; cell < cells; cell++) {
    const partial = cell === full ? (partialCells[eighths % 8] ?? "") : "";
    if (cell < full) spans.push(span("█", roleAt(cell, cells)));
    else if (partial !== "") spans.push(span(partial, roleAt(cell, cells)));
    else if (cell === peakCell && reading.peakDb > floorDb) spans.push(span("│", roleAt(cell, cells)));
    else spans.push(span("·", "faint"));
  }
  return [...merged(spans), span(peakText(reading.peakDb).padStart(6))];
}

function peakText(db: number): string {
  return db <= -100 ? "-inf" : db.toFixed(1);
}

/** Where on the scale a level stands: 0 is its left end, 1 full scale. */
export function meterPosition(db: number): number {
  return Math.min(1, Math.max(0, 1 - db / floorDb));
}

function roleAt(cell: number, cells: number): Role {
  const db = (floorDb * (cells - cell)) / cells;
  if (db >= highDb) return "high";
  return db >= middleDb ? "middle" : "low";
}

/** Neighbours of one role become one span: fewer escapes on the line. */
function merged(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const { text, role } of spans) {
    const last = result.at(-1);
    if (last?.role === role) result[result.length - 1] = span(last.text + text, role);
    else result.push(span(text, role));
  }
  return result;
}
