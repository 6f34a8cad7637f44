// How often tests of chance and of patience repeat: a few times each day, a hundred times with `npm run test:faults`.

export const rounds = Number(process.env.PLUGJAM_ROUNDS ?? 3);

/** Long enough for what takes minutes. */
export const isLong = rounds >= 50;
