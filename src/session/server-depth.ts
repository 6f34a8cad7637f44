// How deep a jitter buffer a Jamulus server keeps for us: a block more than it would by itself.
//
// By itself it takes a depth at which one event in 4000 may go wrong (spec 5.4), a block lost or repeated every few seconds.
// Of its window a block only costs delay once a packet came so late that it was needed (5.2), so we ask for one more. While
// the depth is fixed it does not say what it would take: for the moment between asking and its answer we let it choose.

import type { Step, Talk } from "./machine-types.js";
import { jitterMessage, queue } from "./talk.js";
import { depthReviewEveryMs } from "./timing.js";

const mostBlocks = 20;

export interface ServerDepth {
  /** Blocks, 1 to 20; automatic: as it chooses, for good or until it has said what that is. */
  readonly asked: number | "automatic" | "say";
  readonly reviewAtMs: number;
}

export function startDepth(atMs: number): ServerDepth {
  return { asked: "automatic", reviewAtMs: atMs + depthReviewEveryMs };
}

/** At a tick. */
export function reviewDepth(talk: Talk, atMs: number): Step<Talk> {
  const { asked, reviewAtMs } = talk.depth;
  if (atMs < reviewAtMs || !widens(talk)) return { state: talk, outputs: [] };
  const due = { ...talk, depth: { asked, reviewAtMs: atMs + depthReviewEveryMs } };
  if (typeof asked === "number") return ask(due, "say");
  // If it said nothing, what was asked before still counts.
  return asked === "say" ? ask(due, talk.serverBlocks) : widen(due);
}

/** The server tells the depth that it has chosen. */
export function hearDepth(talk: Talk, blocks: number): Step<Talk> {
  const told = { ...talk, serverBlocks: Math.min(blocks, mostBlocks) };
  // One that crossed our wish on its way.
  if (typeof talk.depth.asked === "number") return { state: talk, outputs: [] };
  return talk.depth.asked === "say" ? widen(told) : { state: told, outputs: [] };
}

/** A fixed depth is its owner's wish; without sequence numbers each block is delay (spec 5.3); a hub of ours finds its own. */
function widens({ jitter, choice, serverVersion }: Talk): boolean {
  return (
    jitter === "auto" && choice.sequenced && serverVersion !== null && !serverVersion.includes("plugjam")
  );
}

function widen(talk: Talk): Step<Talk> {
  const blocks = Math.min(talk.serverBlocks + 1, mostBlocks);
  return ask({ ...talk, serverBlocks: blocks }, blocks);
}

function ask(talk: Talk, asked: ServerDepth["asked"]): Step<Talk> {
  const state = { ...talk, depth: { ...talk.depth, asked } };
  return { state, outputs: [queue(jitterMessage(state))] };
}
