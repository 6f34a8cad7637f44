// Which server of the list the next CONNECT press joins, and how a hold chooses another.

import { connect } from "./connection.js";
import { chosenServer, type State } from "./state.js";
import { type Step, step } from "./step.js";

/** How long the link LED confirms a choice. */
const confirmMs = 1000;

/** CONNECT held: the next of the list, after the last the first. A refusal that was on show has been read. */
export function chooseNext(state: State): Step {
  if (state.servers.length === 0) return step(state);
  const { privacy, connection } = state;
  const read = connection.kind === "idle" && privacy.consent === "refused";
  return step(
    {
      ...state,
      chosen: (state.chosen + 1) % state.servers.length,
      confirming: true,
      privacy: read ? { ...privacy, consent: "notify" } : privacy,
    },
    { kind: "timer.set", timer: "confirm", inMs: confirmMs },
  );
}

/** CONNECT let go after that: whoever was on a server, or on the way to one, goes to the chosen one. */
export function goToChosen(state: State, atMs: number): Step {
  return state.wanted ? connect(state, chosenServer(state), atMs) : step(state);
}
