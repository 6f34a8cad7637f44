// A JACK server for real Jamulus clients to connect to: without a sound card, or on a virtual one.
import { launch, type TestProcess } from "./process.js";
import type { VirtualCard } from "./virtual-card.js";

export interface JackServer {
  /** What a program needs in its environment to find this server and no other. */
  readonly env: NodeJS.ProcessEnv;
  readonly process: TestProcess;
  stop(): Promise<void>;
}

export interface JackOptions {
  readonly periodFrames?: number;
  /** As users run it, with realtime priority where that is allowed; null: captured is silence, what is played is dropped. */
  readonly card?: Pick<VirtualCard, "device" | "env"> | null;
  /** Of the card. */
  readonly periods?: number;
}

let started = 0;

/** Ready when this resolves. */
export async function startJack({
  periodFrames = 128,
  card = null,
  periods = 2,
}: JackOptions = {}): Promise<JackServer> {
  started += 1;
  const name = `plugjam-${process.pid}-${started}`;
  const rate = ["-r", "48000", "-p", String(periodFrames)];
  const driver = card
    ? ["-d", "alsa", "-d", card.device, ...rate, "-n", String(periods)]
    : ["--no-realtime", "-d", "dummy", ...rate];
  const server = launch("jackd", ["--name", name, ...driver], { env: { ...card?.env } });
  const waiting = launch("jack_wait", ["--server", name, "--wait", "--timeout", "20"]);
  await Promise.race([waiting.ended, server.ended]);
  await waiting.kill();
  if (waiting.end !== "exit 0") {
    await server.stop();
    throw new Error(`JACK did not start: ${server.describe()}\n${waiting.describe()}`);
  }
  return {
    env: { JACK_DEFAULT_SERVER: name, JACK_NO_START_SERVER: "1" },
    process: server,
    async stop() {
      await server.stop();
    },
  };
}
