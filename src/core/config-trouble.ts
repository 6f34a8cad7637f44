// That the box does not run with the configuration it was given, and what is wrong with that one.

import { fitting, large, sentence, small } from "./display-lines.js";
import type { DisplayLine } from "./view.js";

export interface ConfigTrouble {
  /** Of the first mistake: file and line, the key if it is with one, and what is wrong. */
  readonly where: string;
  readonly key: string | null;
  readonly what: string;
  /** Every mistake in a sentence. */
  readonly sentences: readonly string[];
  readonly instead: "last-good" | "defaults";
}

/** Below the headline. */
const smallLines = 6;

/** Who mends the file needs its line and key; who wants to play, that the box works. */
export function configTroubleLines({ where, key, what, instead }: ConfigTrouble): readonly DisplayLine[] {
  const last = small(instead === "last-good" ? "Settings: as before" : "Settings: none yet");
  const lines = [small(where), ...(key === null ? [] : [small(key)]), ...sentence(what)];
  return [large("FILE NOT GOOD"), ...fitting(lines, smallLines - 1), last];
}
