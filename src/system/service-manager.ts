// What the service manager that started us wants to hear (sd_notify(3)): where, and how often that we are alive.

/** Null: nobody wants to hear anything. */
export interface ServiceManager {
  /** A path, or "@" and an abstract name. */
  readonly socket: string;
  /** Without a word for so long it takes us for dead and starts us anew; null: it never does. */
  readonly watchdogMs: number | null;
}

/** As the environment has it. What it cannot mean is as if it were not there. */
export function serviceManager(env: NodeJS.ProcessEnv, pid: number): ServiceManager | null {
  const { NOTIFY_SOCKET: socket = "", WATCHDOG_USEC: us, WATCHDOG_PID: whose } = env;
  if (!/^[/@]./.test(socket)) return null;
  const isOurs = whose === undefined || whose === String(pid);
  const watchdogMs = Number(us) / 1000;
  return { socket, watchdogMs: isOurs && watchdogMs > 0 ? watchdogMs : null };
}
