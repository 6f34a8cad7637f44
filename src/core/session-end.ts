// Why a session ended, and that in words for a person.

import { never } from "./step.js";

export type EndReason =
  | { readonly kind: "left" }
  | { readonly kind: "not-found"; readonly host: string }
  | { readonly kind: "no-answer" }
  | { readonly kind: "silent" }
  | { readonly kind: "full" }
  | { readonly kind: "closed-by-server" };

/** An end that nobody here asked for: the box tries again. */
export type Failure = Exclude<EndReason, { kind: "left" }>;

export function failureInWords(failure: Failure): string {
  switch (failure.kind) {
    case "not-found":
      return `No address found for ${failure.host}. Trying again.`;
    case "no-answer":
      return "The server does not answer. Trying again.";
    case "silent":
      return "The server went silent. Trying again.";
    case "full":
      return "The server is full. Trying again.";
    case "closed-by-server":
      return "The server closed the session. Trying again.";
    default:
      return never(failure);
  }
}
