// Talks to a running box, and says in one line when that fails.

import { ControlClient } from "../control/control-client.js";
import { complain, type ExitCode, messageOf } from "./output.js";

/** Connects to the box's socket, does `talk`, and hangs up. */
export async function withBox(
  socket: string,
  talk: (box: ControlClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  let box: ControlClient;
  try {
    box = await ControlClient.connect(socket);
  } catch (error) {
    const { what, fix } = noBox(socket, (error as NodeJS.ErrnoException).code);
    complain(`${what}: ${fix}`);
    return 1;
  }
  try {
    return await talk(box);
  } catch (error) {
    complain(messageOf(error));
    return 1;
  } finally {
    box.close();
  }
}

export interface NoBox {
  readonly what: string;
  readonly fix: string;
}

/** Why there is no box to talk to, and what to do; `code` is that of the failed connect. */
export function noBox(socket: string, code: string | undefined): NoBox {
  switch (code) {
    case "ENOENT":
    case "ECONNREFUSED":
      return {
        what: `No box answers at ${socket}`,
        fix: "start one with `plugjam run`, or name its socket with --socket.",
      };
    case "EACCES":
    case "EPERM":
      return { what: `No permission to talk to the box at ${socket}`, fix: "join the group of that socket." };
    default:
      return {
        what: `No box answers at ${socket} (${code ?? "unknown error"})`,
        fix: "name its socket with --socket.",
      };
  }
}
