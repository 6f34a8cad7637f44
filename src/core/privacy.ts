// What the box knows about the server's habits, and its ledger of what it sent to whom.

import type { Disclosure, Privacy, State, Tristate } from "./state.js";

/** More different disclosures than this, and the oldest leave the ledger. */
const ledgerLength = 200;

/** Forgets all that one server said of itself: a stale answer must never show. The ledger stays. */
export function forgetServer(privacy: Privacy): Privacy {
  return {
    ...privacy,
    recording: "unknown",
    consent: "notify",
    acknowledgedAtMs: null,
    serverLogs: "unknown",
    serverMayRecord: "unknown",
  };
}

/** What the box may say of the recorder. A server that is not heard may have begun to record since it said that it does not. */
export function recordingNow({ connection, privacy }: State): Tristate {
  const isUnheard = connection.kind === "connected" && !connection.heard;
  return isUnheard && privacy.recording === "no" ? "unknown" : privacy.recording;
}

/** A refusal that was on show has been read: its musician goes on to something else. */
export function forgetRefusal(privacy: Privacy): Privacy {
  return privacy.consent === "refused" ? { ...privacy, consent: "notify" } : privacy;
}

/** Enters a disclosure; one that repeats an earlier one is the same line, with the earlier time. */
export function disclose(privacy: Privacy, disclosure: Disclosure): Privacy {
  const { what, to } = disclosure;
  if (privacy.disclosed.some((entry) => entry.what === what && entry.to === to)) return privacy;
  return { ...privacy, disclosed: [...privacy.disclosed, disclosure].slice(-ledgerLength) };
}
