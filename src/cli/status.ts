// `plugjam status`: how a running box is, once or for as long as it runs.

import type { Status } from "../core/status.js";
import { complain, type ExitCode, print } from "./output.js";
import { statusText } from "./status-text.js";
import { withBox } from "./with-box.js";

export interface StatusOptions {
  readonly socket: string;
  readonly json?: boolean;
  /** Goes on with each change, until the box ends. */
  readonly watch?: boolean;
}

export function status({ socket, json = false, watch = false }: StatusOptions): Promise<ExitCode> {
  const show = (status: Status) => print(json ? JSON.stringify(status) : statusText(status));
  return withBox(socket, async (box) => {
    if (!watch) {
      show(await box.call("status", {}));
      return 0;
    }
    show(await box.watch((next) => show(json ? next : spaced(next))));
    await box.closed;
    complain(`The box at ${socket} is gone.`);
    return 1;

    /** Sets the next block apart from the one before. */
    function spaced(next: Status): Status {
      print("");
      return next;
    }
  });
}
