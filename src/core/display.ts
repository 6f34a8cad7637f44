// The display's screens. Each is a function of the state alone; the most pressing one shows.

import { configTroubleLines } from "./config-trouble.js";
import { inSession, openQuestion } from "./consent.js";
import { large, screen, sentence, small } from "./display-lines.js";
import { remedy } from "./engine-status.js";
import { isCutOff, noNetworkText } from "./link.js";
import { isMuted } from "./mute.js";
import { pageLines } from "./page-screens.js";
import { recordingNow } from "./privacy.js";
import { failureInWords } from "./session-end.js";
import { connected, joining, keptLine, recordingLine, unencrypted } from "./session-screens.js";
import { type Connection, chosenServer, type EngineState, type Question, type State } from "./state.js";
import { never } from "./step.js";
import { updateLines } from "./update.js";
import type { DisplayLine } from "./view.js";

type Lines = readonly DisplayLine[];
type In<Kind extends Connection["kind"]> = Extract<Connection, { kind: Kind }>;

export function displayOf(state: State): Lines {
  return screen(...mostPressing(state));
}

function mostPressing(state: State): Lines {
  if (state.stopping !== "no") return stopping(state.stopping);
  const question = openQuestion(state);
  if (question) return asking(state, question);
  if (isChoosing(state)) return choosing(state);
  if (state.page) return pageLines(state, state.page);
  if (state.update && isIdle(state)) return updateLines(state.update);
  // With the file's mistake mended, the card may be found, too.
  if (state.configTrouble && isIdle(state)) return configTroubleLines(state.configTrouble);
  if (state.engine.kind === "failed") return noCard(state, state.engine);
  const { connection } = state;
  switch (connection.kind) {
    case "idle":
      return state.privacy.consent === "refused" ? refused() : idle(state);
    case "connecting":
      return joining(state, connection);
    case "connected":
      return connected(state, connection);
    case "waiting":
      return waiting(state, connection);
    case "leaving":
      return state.privacy.consent === "refused"
        ? refused()
        : [large("LEAVING"), small(connection.server.name)];
    default:
      return never(connection);
  }
}

/** This program cannot tell when the machine is off; 20 s are enough for it. */
export function stopping(how: "stop" | "power-off"): Lines {
  if (how === "stop") return [large("STOPPING")];
  return [large("SHUTTING DOWN"), small("Wait 20 seconds,"), small("then pull the plug.")];
}

/** CONNECT has been down for long enough to choose, and still is. */
function isChoosing({ touch }: State): boolean {
  return touch.kind === "one" && touch.button === "connect" && touch.reached === "hold";
}

function choosing(state: State): Lines {
  const server = chosenServer(state);
  const choice = server
    ? [
        large("NEXT SERVER"),
        large(server.name),
        small(state.wanted ? "Let go: join it" : "Let go: choose it"),
      ]
    : noServer();
  return [...choice, small("Hold on: shut down"), ...unencrypted(state)];
}

function isIdle({ connection, privacy }: State): boolean {
  return connection.kind === "idle" && privacy.consent !== "refused";
}

function idle(state: State): Lines {
  const server = chosenServer(state);
  if (!server) return noServer();
  return [
    large("READY"),
    small(server.name),
    small("Press CONNECT"),
    ...(state.servers.length > 1 ? [small("Hold it: next server")] : []),
    ...(isMuted(state.muted) ? [small("Muted")] : []),
  ];
}

function noServer(): Lines {
  return [large("NO SERVER"), ...sentence("Name one in plugjam.toml under [[server]].")];
}

function waiting(state: State, { server, reason }: In<"waiting">): Lines {
  const words = sentence(isCutOff(state, server) ? noNetworkText : failureInWords(reason));
  return [large("WAITING"), small(server.name), ...words, small("CONNECT: give up")];
}

/** The session goes on without a card, so what it means for privacy still shows. */
function noCard(state: State, { failure }: Extract<EngineState, { kind: "failed" }>): Lines {
  const going = inSession(state);
  return [
    large("NO SOUND CARD"),
    ...(going ? [recordingLine(recordingNow(state))] : []),
    small(failure.device),
    ...(going ? unencrypted(state) : [small(failure.message)]),
    ...sentence(remedy(failure)),
  ];
}

function asking(state: State, question: Question): Lines {
  return [...asked(state, question), small("MUTE: agree"), small("CONNECT: leave"), ...unencrypted(state)];
}

/** A server that came up anew beneath the question has not said yet whether it goes on recording. */
function asked({ privacy }: State, question: Question): Lines {
  switch (question) {
    case "recording":
      return privacy.recording === "yes"
        ? [large("RECORDING"), large("MUTED"), small(keptLine)]
        : [large("RECORDING ?"), large("MUTED"), small("It was recording")];
    case "licence":
      return [large("LICENCE"), large("MUTED"), small("Do you agree to it?")];
    default:
      return never(question);
  }
}

function refused(): Lines {
  return [large("REFUSED"), ...sentence(refusalText)];
}

export const refusalText = "The server records. This box plays only where nobody does.";
