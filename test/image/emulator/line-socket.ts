// A Unix socket of the emulator's, line by line.

import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { until } from "../../support/until.js";

/** Connects as soon as the emulator listens. */
export async function lineSocket(
  path: string,
  onLine: (line: string) => void,
  hopeless: () => string | null,
): Promise<Socket> {
  const socket = await until(`the emulator's socket ${path}`, () => tryToConnect(path), { hopeless });
  socket.on("error", () => {});
  createInterface(socket).on("line", onLine);
  socket.unref();
  return socket;
}

function tryToConnect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
