// What the voice says of a change, for musicians who do not look: a function of the state before and the state after.

import { inSession, openQuestion } from "./consent.js";
import { isMuted } from "./mute.js";
import type { Prompt } from "./prompt.js";
import type { State } from "./state.js";
import { never } from "./step.js";

export function announce(before: State, after: State): readonly Prompt[] {
  if (before === after) return [];
  if (after.stopping !== "no") {
    return after.stopping === "power-off" && before.stopping === "no" ? ["shutting-down"] : [];
  }
  return [
    ...choice(before, after),
    ...link(before, after),
    ...recording(before, after),
    ...question(before, after),
    ...microphone(before, after),
  ];
}

function choice(before: State, after: State): Prompt[] {
  return after.confirming && !before.confirming ? ["next-server"] : [];
}

/** Where the musician is now. Of many attempts to join only the first that fails is news, and one that takes back a question. */
function link(before: State, after: State): Prompt[] {
  if (after.privacy.consent === "refused" && before.privacy.consent !== "refused")
    return ["recording-refused"];
  if (before.wanted && !after.wanted) return ["left"];
  if (after.connection.kind === "connected" && before.connection.kind !== "connected") return ["connected"];
  if (after.connection.kind !== "waiting" || before.connection.kind === "waiting") return [];
  if (before.connection.kind === "connected") return ["connection-lost"];
  if (after.connection.attempt > 1 && !openQuestion(before)) return [];
  return [after.connection.reason.kind === "full" ? "server-full" : "not-connected"];
}

/** What the server says, in the session, of its recorder. A new question about it says so, and more. */
function recording(before: State, after: State): Prompt[] {
  const [was, is] = [before.privacy.recording, after.privacy.recording];
  if (was === is || after.connection.kind !== "connected") return [];
  switch (is) {
    case "yes":
      if (openQuestion(after) === "recording" && openQuestion(before) !== "recording") return [];
      return [was === "no" ? "recording-started" : "recording-on"];
    case "no":
      return [was === "yes" ? "recording-stopped" : "recording-off"];
    case "unknown":
      return before.connection.kind === "connected" ? ["recording-unknown"] : [];
    default:
      return never(is);
  }
}

/** What MUTE would now agree to, if that is another question than before, or all that still mutes. */
function question(before: State, after: State): Prompt[] {
  const asked = openQuestion(after);
  if (asked === null) return [];
  if (asked === openQuestion(before)) {
    return before.muted.musician && !after.muted.musician ? ["still-muted"] : [];
  }
  if (asked === "licence") return ["licence"];
  // Behind the question about the licence another one may have waited, and its server come up anew since.
  if (after.privacy.recording !== "yes") return ["still-muted"];
  return [before.privacy.recording === "no" ? "recording-started-muted" : "recording-on-muted"];
}

/** Whether what is played leaves the box, where a hand or an answer changed that, or an answer did not. */
function microphone(before: State, after: State): Prompt[] {
  const stays = inSession(before) && inSession(after);
  if (before.muted.musician !== after.muted.musician) {
    if (after.muted.musician) return ["muted"];
    // Outside a session, what still mutes is the last of the session before.
    return isMuted(after.muted) && inSession(after) ? [] : ["unmuted"];
  }
  if (!stays) return [];
  if (isMuted(before.muted) && !isMuted(after.muted)) return ["unmuted"];
  return after.muted.musician && openQuestion(before) && !openQuestion(after) ? ["muted"] : [];
}
