// A JACK server without a sound card, for real Jamulus clients to connect to.
import { launch, type TestProcess } from "./process.js";

export interface JackServer {
  /** What a program needs in its environment to find this server and no other. */
  readonly env: NodeJS.ProcessEnv;
  readonly process: TestProcess;
  stop(): Promise<void>;
}

let started = 0;

/** Ready when this resolves. Clients' captured audio is silence; what they play is dropped. */
export async function startJack({ periodFrames = 128 } = {}): Promise<JackServer> {
  started += 1;
  const name = `plugjam-${process.pid}-${started}`;
  const args = ["--name", name, "--no-realtime", "-d", "dummy", "-r", "48000", "-p", String(periodFrames)];
  const server = launch("jackd", args);
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
