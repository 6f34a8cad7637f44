// The display's screens. Each is a function of the state alone; the most pressing one shows.

import { openQuestion, type Question } from "./consent.js";
import { large, screen, sentence, small } from "./display-lines.js";
import { remedy } from "./engine-status.js";
import { isMuted } from "./mute.js";
import type { Connection, EngineState, State, Tristate } from "./state.js";
import { never } from "./step.js";
import type { DisplayLine } from "./view.js";

type Lines = readonly DisplayLine[];
type In<Kind extends Connection["kind"]> = Extract<Connection, { kind: Kind }>;

export function displayOf(state: State): Lines {
  if (state.stopping) return screen(large("STOPPING"));
  if (state.engine.kind === "failed") return noCard(state, state.engine);
  const { connection } = state;
  switch (connection.kind) {
    case "idle":
      return state.privacy.consent === "refused" ? refused() : idle(state);
    case "connecting":
      return connecting(state, connection);
    case "connected":
      return connected(state, connection);
    case "waiting":
      return waiting(connection);
    case "leaving":
      return state.privacy.consent === "refused"
        ? refused()
        : screen(large("LEAVING"), small(connection.server.name));
    default:
      return never(connection);
  }
}

function idle(state: State): Lines {
  const server = state.servers[0];
  if (!server) return screen(large("NO SERVER"), ...sentence("Name one in plugjam.toml under [[server]]."));
  return screen(large("READY"), small(server.name), small("Press CONNECT"), ...mutedNote(state));
}

function connecting(state: State, { server, attempt }: In<"connecting">): Lines {
  const question = openQuestion(state);
  if (question) return asking(question);
  const times = attempt > 1 ? [small(`Attempt ${attempt}`)] : [];
  return screen(large("JOINING"), small(server.name), ...times, ...habits(state), ...mutedNote(state));
}

function connected(state: State, connection: In<"connected">): Lines {
  const question = openQuestion(state);
  if (question) return asking(question);
  const headline = isMuted(state.muted) ? large("MUTED") : large(connection.server.name);
  return screen(
    headline,
    recordingLine(state.privacy.recording),
    ...(isMuted(state.muted) ? [small("Press MUTE to play")] : []),
    small(company(connection)),
    ...(connection.heard ? [] : [small("No sound from server")]),
    ...others(connection),
    ...(state.privacy.encrypted === "yes" ? [] : [small("Not encrypted")]),
  );
}

function waiting({ server, reason }: In<"waiting">): Lines {
  return screen(large("WAITING"), small(server.name), ...sentence(reason), small("CONNECT: give up"));
}

/** The session goes on without a card, so what it means for privacy still shows. */
function noCard(state: State, { failure }: Extract<EngineState, { kind: "failed" }>): Lines {
  const question = openQuestion(state);
  if (question) return asking(question);
  const joined = state.connection.kind === "connected";
  return screen(
    large("NO SOUND CARD"),
    ...(joined ? [recordingLine(state.privacy.recording)] : []),
    small(failure.device),
    small(failure.message),
    ...sentence(remedy(failure)),
  );
}

function asking(question: Question): Lines {
  switch (question) {
    case "recording":
      return screen(
        large("RECORDING"),
        large("MUTED"),
        ...sentence("The server keeps what you play. MUTE: agree. CONNECT: leave."),
      );
    case "licence":
      return screen(
        large("LICENCE"),
        large("MUTED"),
        ...sentence("The server asks you to agree to its licence. MUTE: agree. CONNECT: leave."),
      );
    default:
      return never(question);
  }
}

function refused(): Lines {
  return screen(large("REFUSED"), ...sentence(refusalText));
}

export const refusalText = "The server records. This box plays only where nobody does.";

function recordingLine(recording: Tristate): DisplayLine {
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

/** What the server told of itself before we joined. */
function habits({ privacy }: State): Lines {
  const lines: DisplayLine[] = [];
  if (privacy.recording === "yes") lines.push(small("It is recording"));
  else if (privacy.serverMayRecord === "yes") lines.push(small("It may record"));
  if (privacy.serverLogs === "yes") lines.push(small("It keeps a log"));
  return lines;
}

function mutedNote(state: State): Lines {
  return isMuted(state.muted) ? [small("Muted")] : [];
}

function company({ clients, delayMs }: In<"connected">): string {
  const players = `${clients.length} here`;
  return delayMs === null ? players : `${players}, delay ${Math.round(delayMs)} ms`;
}

function others({ clients, clientId }: In<"connected">): Lines {
  const names = clients
    .filter((client) => client.id !== clientId)
    .map((client) => client.name || "(no name)");
  return names.length > 0 ? [small(names.join(", "))] : [];
}
