// `plugjam record`: what a running hub records.

import type { RecordingWish } from "../control/controlled-box.js";
import type { ExitCode } from "./output.js";
import { withBox } from "./with-box.js";

export function record(wish: RecordingWish, { socket }: { readonly socket: string }): Promise<ExitCode> {
  return withBox(socket, async (box) => {
    await box.call("record", { wish });
    return 0;
  });
}
