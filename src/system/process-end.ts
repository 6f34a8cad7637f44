// The ways in which a process ends: somebody asks for it, or a bug does.

export interface ProcessEnd {
  /** SIGTERM, SIGINT or SIGHUP: there is time for an orderly end. */
  readonly asked: () => void;
  /** A bug. What must be said is said before this returns; then the process exits with 1. */
  readonly crashed: (error: unknown) => void;
}

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Gives what ends the watch. A second signal is left to the system: whoever sends two wants it to end at once. */
export function watchProcessEnd({ asked, crashed }: ProcessEnd): () => void {
  const onSignal = () => {
    for (const signal of signals) process.off(signal, onSignal);
    asked();
  };
  const onBug = (error: unknown) => {
    try {
      crashed(error);
    } finally {
      process.exit(1);
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
  // An unhandled rejection arrives here too: Node raises it as an exception.
  process.on("uncaughtException", onBug);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off("uncaughtException", onBug);
  };
}
