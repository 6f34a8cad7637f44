// The display's privacy pages: what may happen to what you play, and what was sent to whom.

import { inSession } from "./consent.js";
import { large, sentence, small } from "./display-lines.js";
import type { Page } from "./page.js";
import { recordingNow } from "./privacy.js";
import { recordingLine, unencrypted } from "./session-screens.js";
import type { Disclosure, State } from "./state.js";
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
    recordingLine(recordingNow(state)),
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

/** Who was told what; of many, the latest. */
function sentPage(state: State): Lines {
  const warning = unencrypted(state);
  const entries = latest(state.privacy.disclosed, smallLines - warning.length);
  return [large("SENT SO FAR"), ...(entries.length === 0 ? [small("Nothing")] : entries), ...warning];
}

/** The end of the ledger in no more lines than `room`, an entry for each party. */
function latest(disclosed: readonly Disclosure[], room: number): Lines {
  const parties = [...new Set(disclosed.map(({ to }) => to).toReversed())];
  let lines: Lines = [];
  for (const party of parties) {
    const told = disclosed.filter(({ to }) => to === party).map(({ what }) => what);
    const longer = [...sentence(`${party}: ${told.join(", ")}`), ...lines];
    if (longer.length > room) break;
    lines = longer;
  }
  return lines;
}
