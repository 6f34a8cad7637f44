// The privacy pages of the display: turned by holding MUTE, and by themselves.

import { openQuestion } from "./consent.js";
import type { State } from "./state.js";
import { type Step, step } from "./step.js";

/** `server`: what the present server may do with what you play. `sent`: what was sent to whom. */
export type Page = "server" | "sent";

/** How long a page shows. */
const pageMs = 10_000;

const next: Record<Page, Page | null> = { server: "sent", sent: null };

/** To the first page, the next, or back. An open question stays on show. */
export function turnPage(state: State): Step {
  if (openQuestion(state)) return step(state);
  const page = state.page ? next[state.page] : "server";
  if (!page) return closePage(state);
  return step({ ...state, page }, { kind: "timer.set", timer: "page", inMs: pageMs });
}

/** A page has shown for long enough. */
export function pageOver(state: State): Step {
  if (!state.page) return step(state);
  const page = next[state.page];
  if (!page) return step({ ...state, page });
  return step({ ...state, page }, { kind: "timer.set", timer: "page", inMs: pageMs });
}

export function closePage(state: State): Step {
  if (!state.page) return step(state);
  return step({ ...state, page: null }, { kind: "timer.clear", timer: "page" });
}
