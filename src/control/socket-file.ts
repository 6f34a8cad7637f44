// The file of a Unix socket: whether its place is free, and its making with the right mode.

import { lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname } from "node:path";

/** Owner and group may talk to the box. */
const forbiddenBits = 0o117;

/**
 * Makes `server` listen at `path`: makes the folder, and clears away the socket of a box that is dead. Gives null, or
 * one line on why it cannot be. Rejects where another box is alive there: two would fight for the card.
 */
export async function listenAt(path: string, server: Server): Promise<string | null> {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const obstacle = await clearAway(path);
    if (obstacle !== null) return obstacle;
    await listen(path, server);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `cannot create ${path} (${code}): set control.socket to a path that this user may write`;
  }
}

async function clearAway(path: string): Promise<string | null> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (!found.isSocket()) return `${path} is there already and no socket: set control.socket to another path`;
  if (await isAnswered(path)) {
    throw new Error(
      `another Plugjam is running there: ${path}; stop it, or set control.socket to another path`,
    );
  }
  unlinkSync(path);
  return null;
}

/** Whether a living process listens there. Rejects if it cannot be told. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      // Its queue of callers is full.
      else if (error.code === "EAGAIN") resolve(true);
      else reject(error);
    });
  });
}

function listen(path: string, server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    // The file is made within this call, so that nobody ever meets it with another mode.
    const before = process.umask(forbiddenBits);
    try {
      server.listen(path);
    } finally {
      process.umask(before);
    }
  });
}
