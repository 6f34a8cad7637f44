// What a server says of itself to anybody who asks, before it hears a sound from us.

import type { EnquiryAnswers, Tristate } from "../core/state.js";
import { type ConnectionlessMessage, type Message, serverFeatures } from "../protocol/index.js";
import { printable } from "./plain-text.js";

/** How long an answer may take: some servers never answer the newer questions. */
export const enquiryMs = 400;

/** What is known so far; null: not answered. */
export interface Enquiry extends EnquiryAnswers {
  readonly askedAtMs: number;
  /** Bits as in `serverFeatures`. */
  readonly features: number | null;
}

const pingTime = 0;

/** Connection-less, so they may go before any audio does (spec 1.3). */
export const questions: readonly ConnectionlessMessage[] = [
  { kind: "CLM_PING_MS_WITHNUMCLIENTS", time: pingTime, clients: 0 },
  { kind: "CLM_REQ_VERSION_AND_OS" },
  { kind: "CLM_REQ_SERVER_FEATURES" },
];

export function beginEnquiry(askedAtMs: number): Enquiry {
  return { askedAtMs, version: null, features: null, clients: null, pingMs: null };
}

/** Messages that answer nothing we asked change nothing. */
export function hearAnswer(enquiry: Enquiry, message: Message, atMs: number): Enquiry {
  switch (message.kind) {
    case "CLM_VERSION_AND_OS":
      return { ...enquiry, version: printable(message.version) };
    case "CLM_SERVER_FEATURES":
      return { ...enquiry, features: message.features };
    case "CLM_PING_MS_WITHNUMCLIENTS":
      if (message.time !== pingTime || enquiry.pingMs !== null) return enquiry;
      return { ...enquiry, clients: message.clients, pingMs: Math.max(0, atMs - enquiry.askedAtMs) };
    default:
      return enquiry;
  }
}

/** Nothing more to wait for: every answer is here, or the time is over. */
export function isOver(enquiry: Enquiry, atMs: number): boolean {
  const answered = enquiry.version !== null && enquiry.features !== null && enquiry.clients !== null;
  return answered || atMs >= enquiryEndMs(enquiry);
}

export function enquiryEndMs({ askedAtMs }: Enquiry): number {
  return askedAtMs + enquiryMs;
}

/** What the box learns of it; who keeps what is unknown where the server did not say. */
export function findings({ features, version, clients, pingMs }: Enquiry): {
  readonly serverLogs: Tristate;
  readonly serverMayRecord: Tristate;
  readonly recording: Tristate;
  readonly answers: EnquiryAnswers;
} {
  const has = (bit: number): Tristate => {
    if (features === null) return "unknown";
    return (features & bit) === 0 ? "no" : "yes";
  };
  return {
    serverLogs: has(serverFeatures.logFile),
    serverMayRecord: has(serverFeatures.recordingPossible),
    recording: has(serverFeatures.recordingEnabled),
    answers: { version, clients, pingMs },
  };
}
