// The clients of a hub, in the order and in the words that the protocol has for them.

import type { ClientEntry, QueuedMessage } from "../protocol/index.js";
import type { Client, Output, Profile, State } from "./machine-types.js";

/** Somebody is really there: the address is no forgery. Only these are counted, listed and told anything. */
export function isProven(client: Client): boolean {
  return client.proofsMissing === 0;
}

/** Ascending. */
export function provenClients(state: State): readonly Client[] {
  return [...state.clients.values()].filter(isProven).sort((a, b) => a.slot - b.slot);
}

const nobody: Profile = { country: 0, instrument: 0, skill: 0, name: "", city: "" };

/** As the list of musicians has them; one who has not said who she is has no name yet (spec 2.2, message 24). */
export function clientEntries(state: State): ClientEntry[] {
  return provenClients(state).map(({ slot, profile }) => ({ channel: slot, ...(profile ?? nobody) }));
}

/** The new list, for everybody. */
export function listForAll(state: State): Output[] {
  return tellAll(state, { kind: "CONN_CLIENTS_LIST", clients: clientEntries(state) });
}

export function tellAll(state: State, message: QueuedMessage): Output[] {
  return provenClients(state).map(({ slot }) => ({ kind: "queue", slot, message }));
}

/** Would a status tell the same of both? Gains, for one, are the listener's own affair. */
export function looksLike(a: State, b: State): boolean {
  if (a === b) return true;
  if (a.recording !== b.recording || a.writing !== b.writing || a.recorderTrouble !== b.recorderTrouble)
    return false;
  if (a.clients.size !== b.clients.size) return false;
  return [...a.clients.values()].every((client) => {
    const other = b.clients.get(client.slot);
    return other !== undefined && isSameClient(client, other);
  });
}

function isSameClient(a: Client, b: Client): boolean {
  return (
    a.sinceMs === b.sinceMs &&
    isProven(a) === isProven(b) &&
    a.profile === b.profile &&
    a.format === b.format &&
    a.jitterBlocks === b.jitterBlocks &&
    a.recorded === b.recorded
  );
}
