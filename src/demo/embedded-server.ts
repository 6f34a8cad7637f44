// A Jamulus server of the demo's own: Debian's, headless, on loopback only, gone when the demo is.

import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectionlessDatagram, decodeMessage, parseEnvelope } from "../protocol/index.js";

const loopback = "127.0.0.1";
/** Qt takes its time on a slow machine. */
const startMs = 30_000;
const pingEveryMs = 100;
const goodbyeMs = 3_000;

/** What the user reads when the demo can't have its server; not a bug. */
export class NoServer extends Error {}

export interface EmbeddedServer {
  readonly address: string;
  /** Resolves when the server's process is gone, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the server and waits until it answers a ping. `folder` exists and takes its files. Rejects with NoServer if
 * it is not installed or does not answer, and when `cancel` says so.
 */
export async function startEmbeddedServer(folder: string, cancel: AbortSignal): Promise<EmbeddedServer> {
  const home = path.join(folder, "server");
  await mkdir(home);
  const port = await freePort();
  const child = launch(port, home);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const server = { address: `${loopback}:${port}`, ended, stop: () => stop(child, ended) };
  const decided = new AbortController();
  try {
    await Promise.race([answersPing(port, AbortSignal.any([cancel, decided.signal])), deathOf(child)]);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    decided.abort();
  }
  return server;
}

/**
 * setpriv has the kernel end the server should the demo die without a word. Detached, so that a Ctrl-C in the terminal
 * is the demo's to hear and the box can say goodbye.
 */
function launch(port: number, home: string): ChildProcess {
  const flags = ["-s", "-n", "-F", "-p", String(port), "--serverbindip", loopback];
  return spawn("setpriv", ["--pdeathsig", "TERM", "--", "Jamulus", ...flags], {
    env: { ...process.env, QT_QPA_PLATFORM: "offscreen", HOME: home, XDG_CONFIG_HOME: home },
    stdio: "ignore",
    detached: true,
  });
}

async function deathOf(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "exit").catch((error: Error) => {
    throw new NoServer(`the demo's server cannot be started: ${error.message}`);
  });
  throw new NoServer(
    code === 127
      ? "Jamulus, the demo's server, is not installed: apt-get install jamulus"
      : `the demo's server ended while it started (exit code ${code}): try Jamulus -s -n by hand`,
  );
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), goodbyeMs);
  await ended;
  clearTimeout(force);
}

/** A UDP port on loopback that nobody had a moment ago. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, loopback);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return port;
}

async function answersPing(port: number, cancel: AbortSignal): Promise<void> {
  const socket = createSocket("udp4");
  // Until the server listens, the kernel refuses pings by an error; silence and errors mean the same here.
  socket.on("error", () => {});
  const answered = new Promise<true>((resolve) => {
    socket.on("message", (datagram) => isPing(datagram) && resolve(true));
  });
  const question = connectionlessDatagram({ kind: "CLM_PING_MS", time: 0 });
  try {
    for (let waitedMs = 0; waitedMs < startMs; waitedMs += pingEveryMs) {
      socket.send(question, port, loopback);
      if (await Promise.race([answered, sleep(pingEveryMs, false, { signal: cancel })])) return;
    }
  } finally {
    socket.close();
  }
  throw new NoServer(`the demo's server does not answer on ${loopback}:${port}: try Jamulus -s -n by hand`);
}

function isPing(datagram: Uint8Array): boolean {
  const envelope = parseEnvelope(datagram);
  if (!envelope.ok) return false;
  const decoded = decodeMessage(envelope.id, envelope.body);
  return decoded.ok && decoded.message.kind === "CLM_PING_MS";
}
