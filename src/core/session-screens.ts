// The display's screens in a session: what is known of the server, who is there, who hears us.

import { inSession } from "./consent.js";
import { large, small } from "./display-lines.js";
import { isCutOff } from "./link.js";
import { isMuted } from "./mute.js";
import { recordingNow } from "./privacy.js";
import type { Connection, State, Tristate } from "./state.js";
import { never } from "./step.js";
import type { DisplayLine } from "./view.js";

type Lines = readonly DisplayLine[];
type Connected = Extract<Connection, { kind: "connected" }>;

/** Below a headline and the line on recording. */
const smallLines = 4;

/** Who keeps what is played while the server records. */
export const keptLine = "The operator keeps it";

export function joining(
  state: State,
  { server, attempt }: Extract<Connection, { kind: "connecting" }>,
): Lines {
  return [
    large(attempt > 1 ? `JOINING (${attempt})` : "JOINING"),
    small(server.name),
    small(recordingWords(state.privacy.recording)),
    ...(state.privacy.serverMayRecord === "yes" ? [small("It may record")] : []),
    ...(state.privacy.serverLogs === "yes" ? [small("It keeps a log")] : []),
    ...(isMuted(state.muted) ? [small("Muted")] : []),
    ...unencrypted(state),
  ];
}

/** What must be said has its place; what is nice to know, the rest. */
export function connected(state: State, connection: Connected): Lines {
  const muted = isMuted(state.muted);
  const must = [...(state.privacy.recording === "yes" ? [small(keptLine)] : []), ...unencrypted(state)];
  const nice = [
    ...(muted ? [small("Press MUTE to play")] : []),
    ...muters(connection),
    ...(connection.heard ? [] : [small(unheardWords(state, connection))]),
    small(company(connection)),
    ...others(connection),
    ...(state.chat === null ? [] : [small(state.chat)]),
  ];
  return [
    large(muted ? "MUTED" : connection.server.name),
    recordingLine(recordingNow(state)),
    ...nice.slice(0, smallLines - must.length),
    ...must,
  ];
}

export function recordingLine(recording: Tristate): DisplayLine {
  switch (recording) {
    case "yes":
      return large("REC");
    case "no":
      return large("NOT REC");
    case "unknown":
      return large("REC ?");
    default:
      return never(recording);
  }
}

/** Shown as long as anything goes out, unless it is known to be otherwise. */
export function unencrypted(state: State): Lines {
  return inSession(state) && state.privacy.encrypted !== "yes" ? [small("Not encrypted")] : [];
}

function unheardWords(state: State, { server }: Connected): string {
  return isCutOff(state, server) ? "No network" : "No sound from server";
}

function recordingWords(recording: Tristate): string {
  switch (recording) {
    case "yes":
      return "It is recording";
    case "no":
      return "It is not recording";
    case "unknown":
      return "Recording: unknown";
    default:
      return never(recording);
  }
}

/** Those who have muted us for themselves. */
function muters({ mutedBy, clients }: Connected): Lines {
  if (mutedBy.length === 0) return [];
  const names = mutedBy.map((id) => nameOf(clients.find((client) => client.id === id)));
  return [small(`Muted by ${names.join(", ")}`)];
}

function company({ clients, delayMs }: Connected): string {
  const players = `${clients.length} here`;
  return delayMs === null ? players : `${players}, delay ${Math.round(delayMs)} ms`;
}

function others({ clients, clientId }: Connected): Lines {
  const names = clients.filter((client) => client.id !== clientId).map(nameOf);
  return names.length > 0 ? [small(names.join(", "))] : [];
}

function nameOf(client: { readonly name: string } | undefined): string {
  return client?.name || "(no name)";
}
