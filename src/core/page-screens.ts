// The display's privacy pages: what may happen to what you play, and what was sent to whom.

import { inSession } from "./consent.js";
import { large, sentence, small } from "./display-lines.js";
import type { Page } from "./page.js";
import { recordingLine, unencrypted } from "./session-screens.js";
import type { State } from "./state.js";
import { never } from "./step.js";
import type { DisplayLine } from "./view.js";

type Lines = readonly DisplayLine[];

/** Below the headline. */
const smallLines = 6;

export function pageLines(state: State, page: Page): Lines {
  switch (page) {
    case "server":
      return inSession(state) ? serverPage(state) : noServerPage();
    case "sent":
      return sentPage(state);
    default:
      return never(page);
  }
}

function serverPage(state: State): Lines {
  const { privacy, connection } = state;
  return [
    recordingLine(privacy.recording),
    small(connection.kind === "idle" ? "" : connection.server.name),
    small(`May record: ${privacy.serverMayRecord}`),
    small(`Keeps a log: ${privacy.serverLogs}`),
    ...(privacy.encrypted === "yes" ? [small("Encrypted on the way")] : unencrypted(state)),
    small("Others may record"),
    small("without any notice"),
  ];
}

/** Nobody can promise that nobody records, on any server. */
function noServerPage(): Lines {
  return [
    large("PRIVACY"),
    ...sentence("You are on no server. There, anybody who hears you may record, without any notice."),
  ];
}

/** The latest lines of the ledger. */
function sentPage(state: State): Lines {
  const warning = unencrypted(state);
  const { disclosed } = state.privacy;
  const latest = disclosed.slice(-(smallLines - warning.length));
  return [
    large("SENT SO FAR"),
    ...(latest.length === 0 ? [small("Nothing")] : latest.map(({ what, to }) => small(`${what}: ${to}`))),
    ...warning,
  ];
}
