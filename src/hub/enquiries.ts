// What a hub tells anybody who asks, without a conversation (spec 2.3).

import { type ConnectionlessMessage, type Message, serverFeatures } from "../protocol/index.js";
import { announcedSystem } from "./announced-version.js";
import { welcomeText } from "./chat.js";
import { clientEntries, provenClients } from "./clients.js";
import type { State } from "./machine-types.js";

/** What of the hub does not change. */
export interface Facts {
  readonly smallBlocks: boolean;
  readonly ipv6: boolean;
}

/** The answer to a question; null: it is none, or none of a server's. */
export function answerTo(message: Message, state: State, facts: Facts): ConnectionlessMessage | null {
  switch (message.kind) {
    case "CLM_PING_MS":
      return message;
    case "CLM_PING_MS_WITHNUMCLIENTS":
      // Two servers must not answer each other's answers for ever.
      return message.clients === 0 ? { ...message, clients: provenClients(state).length } : null;
    case "CLM_REQ_VERSION_AND_OS":
      return { kind: "CLM_VERSION_AND_OS", os: announcedSystem, version: state.rules.version };
    case "CLM_REQ_CONN_CLIENTS_LIST":
      return { kind: "CLM_CONN_CLIENTS_LIST", clients: clientEntries(state) };
    case "CLM_REQ_SERVER_FEATURES":
      return { kind: "CLM_SERVER_FEATURES", features: features(state, facts) };
    case "CLM_REQ_WELCOME_MESSAGE":
      return { kind: "CLM_WELCOME_MESSAGE", text: welcomeText(state.rules.welcome) };
    default:
      return null;
  }
}

function features({ rules, recording }: State, { smallBlocks, ipv6 }: Facts): number {
  const enabled = recording.kind === "announcing" || recording.kind === "on";
  const bits: readonly (readonly [boolean, number])[] = [
    [smallBlocks, serverFeatures.smallBlocks],
    [recording.kind !== "unavailable", serverFeatures.recordingPossible],
    [enabled, serverFeatures.recordingEnabled],
    [ipv6, serverFeatures.ipv6],
    [true, serverFeatures.rawAudio],
    [rules.welcome !== "", serverFeatures.welcomeText],
    [rules.licence, serverFeatures.licence],
  ];
  return bits.reduce((sum, [is, bit]) => (is ? sum | bit : sum), 0);
}
