// What we tell a server while we talk: who we are, what we send, how we listen.

import {
  automaticJitterBuffer,
  type MessageOf,
  type QueuedMessage,
  type TransportChoice,
  transportFor,
  transportProps,
} from "../protocol/index.js";
import type { Output, Step, Talk } from "./machine-types.js";

export function queue(message: QueuedMessage): Output {
  return { kind: "queue", message };
}

export function profileOutputs({ profile }: Talk): Output[] {
  return [queue({ kind: "CHANNEL_INFOS", ...profile }), { kind: "disclosed", what: "profile" }];
}

export function jitterMessage({ jitter, depth }: Talk): MessageOf<"JITT_BUF_SIZE"> {
  const wanted = jitter === "auto" ? depth.asked : jitter;
  return { kind: "JITT_BUF_SIZE", blocks: typeof wanted === "number" ? wanted : automaticJitterBuffer };
}

export function announcement(choice: TransportChoice): QueuedMessage {
  return transportProps(transportFor(choice));
}

/** Switches what we send and what we expect, and says so; nothing, if it is that already. */
export function switchFormat(talk: Talk, changes: Partial<TransportChoice>): Step<Talk> {
  const choice = { ...talk.choice, ...changes };
  if (choice.quality === talk.choice.quality && choice.sequenced === talk.choice.sequenced)
    return { state: talk, outputs: [] };
  return {
    state: { ...talk, choice },
    outputs: [{ kind: "engine.format", format: transportFor(choice) }, queue(announcement(choice))],
  };
}

/** What Jamulus tells upon the first audio, in its order (spec 4.3). */
export function introduce(talk: Talk): Step<Talk> {
  // A server that still knows us asks nothing: it has the format of the last time, and its version we must ask for.
  const reunion: Output[] =
    talk.phase === "connected"
      ? []
      : [queue(announcement(talk.choice)), { kind: "send", message: { kind: "CLM_REQ_VERSION_AND_OS" } }];
  return {
    state: { ...talk, introduced: true },
    outputs: [
      ...reunion,
      ...profileOutputs(talk),
      queue({ kind: "REQ_CONN_CLIENTS_LIST" }),
      queue(jitterMessage(talk)),
      queue({ kind: "REQ_CHANNEL_LEVEL_LIST", wanted: true }),
    ],
  };
}
