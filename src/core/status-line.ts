// The state of a box in one line, for those who look after it: no names, no addresses.

import { remedy } from "./engine-status.js";
import { isCutOff } from "./link.js";
import { recordingNow } from "./privacy.js";
import type { State } from "./state.js";
import { never } from "./step.js";

/** Such as "connected, 3 here, recording: no". */
export function statusLine(state: State): string {
  const { engine } = state;
  const card = engine.kind === "failed" ? [`no sound card: ${remedy(engine.failure)}`] : [];
  return [session(state), ...card].join(", ");
}

function session(state: State): string {
  const { connection } = state;
  switch (connection.kind) {
    case "idle":
    case "connecting":
    case "leaving":
      return connection.kind;
    case "waiting":
      return `waiting: ${isCutOff(state, connection.server) ? "no network" : connection.reason.kind}`;
    case "connected": {
      const silent = connection.heard ? "" : ", no sound from the server";
      return `connected, ${connection.clients.length} here, recording: ${recordingNow(state)}${silent}`;
    }
    default:
      return never(connection);
  }
}
