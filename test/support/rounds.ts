// How often tests of faults repeat: a few times each day, a hundred times with `npm run test:faults`.

export const rounds = Number(process.env.PLUGJAM_ROUNDS ?? 1);

/** Time for what takes minutes, and a machine that does nothing else. */
export const isLong = rounds >= 50;

/** How long the box may take where the promise is `promisedMs`; a machine busy with other things gets three times that. */
export function within(promisedMs: number): number {
  return isLong ? promisedMs : 3 * promisedMs;
}
