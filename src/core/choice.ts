// Which server of the list the next CONNECT press joins, and how a hold chooses another.

import { connect } from "./connection.js";
import { forgetRefusal } from "./privacy.js";
import { chosenServer, type State } from "./state.js";
import { type Step, step } from "./step.js";

/** How long the link LED confirms a choice. */
const confirmMs = 1000;

/** CONNECT held: the next of the list, after the last the first. */
export function chooseNext(state: State): Step {
  if (state.servers.length === 0) return step(state);
  const chosen = (state.chosen + 1) % state.servers.length;
  const gone = state.connection.kind === "idle" || state.connection.kind === "leaving";
  const privacy = gone ? forgetRefusal(state.privacy) : state.privacy;
  return step(
    { ...state, chosen, confirming: true, privacy },
    { kind: "timer.set", timer: "confirm", inMs: confirmMs },
  );
}

/** CONNECT let go after that: whoever was on a server, or on the way to one, goes to the chosen one. */
export function goToChosen(state: State, atMs: number): Step {
  return state.wanted ? connect(state, chosenServer(state), atMs) : step(state);
}
