// Which pings are under way, and how long an answer took.

/** How often a connected client asks (spec 4.4). */
export const pingEveryMs = 500;

/** Answers to older pings are of no use to anybody. */
const maxUnderWay = 8;

interface Ping {
  /** The counter on the wire, which wraps after 49 days. */
  readonly time: number;
  readonly sentAtMs: number;
}

export type Pings = readonly Ping[];

/** Sends one more. `elapsedMs` counts from the start of the session, so that it tells nobody how long the box has run. */
export function sendPing(pings: Pings, elapsedMs: number, sentAtMs: number): { pings: Pings; time: number } {
  const time = Math.floor(elapsedMs) >>> 0;
  return { pings: [...pings, { time, sentAtMs }].slice(-maxUnderWay), time };
}

/** The round trip of the ping that `time` answers, which is done then; null if there is none: nobody asked, or answered before. */
export function hearPing(pings: Pings, time: number, atMs: number): { pings: Pings; pingMs: number | null } {
  const ping = pings.find((candidate) => candidate.time === time);
  if (ping === undefined) return { pings, pingMs: null };
  return { pings: pings.filter((other) => other !== ping), pingMs: Math.max(0, atMs - ping.sentAtMs) };
}
