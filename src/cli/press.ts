// `plugjam press`: a press of a button of a running box.

import type { ButtonName } from "../core/event.js";
import type { ExitCode } from "./output.js";
import { withBox } from "./with-box.js";

export interface PressOptions {
  readonly socket: string;
  /** How long the button is down, in ms. */
  readonly hold: number;
}

export function press(button: ButtonName, { socket, hold }: PressOptions): Promise<ExitCode> {
  return withBox(socket, async (box) => {
    await box.call("press", { button, holdMs: hold });
    return 0;
  });
}
