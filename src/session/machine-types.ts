// The words of the machine: what it knows, what it hears, what it wants done.

import type { AudioFormat } from "../audio/engine.js";
import type { EndReason, Untimed } from "../core/event.js";
import type { Client, Disclosure, Tristate } from "../core/state.js";
import type { ConnectionlessMessage, Message, QueuedMessage, TransportChoice } from "../protocol/index.js";
import type { Pings } from "./pings.js";
import type { ServerDepth } from "./server-depth.js";

/** How the musician introduces herself; numbers are the protocol's codes. */
export interface Profile {
  /** At most 16 UTF-16 code units. */
  readonly name: string;
  readonly instrument: number;
  /** At most 20 UTF-16 code units. */
  readonly city: string;
  readonly country: number;
  /** 0 none, 1 beginner, 2 intermediate, 3 expert. */
  readonly skill: number;
}

/** The audio format a musician wants, as far as the server goes along. */
export type WantedTransport = Omit<TransportChoice, "sequenced">;

/** Depth of a jitter buffer in blocks, 1 to 20, or as the network asks. */
export type JitterDepth = number | "auto";

/** While the engine sends audio to the server. */
export interface Talk {
  /** Connected: the server has said who we are on it. */
  readonly phase: "joining" | "connected";
  readonly profile: Profile;
  readonly wanted: WantedTransport;
  readonly jitter: JitterDepth;
  readonly startedAtMs: number;
  /** Present choice; raw and with sequence bytes only once the server has shown that it knows them. */
  readonly choice: TransportChoice;
  /** The server has said since its last CLIENT_ID that raw audio is allowed. */
  readonly rawAllowed: boolean;
  readonly serverVersion: string | null;
  readonly clientId: number | null;
  /** The server's audio is arriving. */
  readonly heard: boolean;
  /** It was played before the connection: to be told together with it. */
  readonly playing: boolean;
  /** So was this said; unknown: nothing was. */
  readonly recording: Tristate;
  /** It is the second try with a server that had us on its list from before. */
  readonly renewed: boolean;
  /** We have told, on our own, who we are: done upon the first audio. */
  readonly introduced: boolean;
  readonly clients: readonly Client[];
  /** Levels 0 to 9, in the order of `clients`. */
  readonly levels: readonly number[];
  /** IDs of the clients that have muted us for themselves. */
  readonly mutedBy: readonly number[];
  /** Depth of the server's jitter buffer. */
  readonly serverBlocks: number;
  /** What we have asked it to be. */
  readonly depth: ServerDepth;
  readonly pings: Pings;
  readonly nextPingAtMs: number;
  /** When it is over unless the server is heard again; null while it is heard. */
  readonly giveUpAtMs: number | null;
}

export type State =
  | Talk
  /** The server has us on its list from before, and so tells us nothing: it gets a goodbye, and is joined again. */
  | { readonly phase: "renewing"; readonly talk: Talk; readonly said: boolean; readonly nextAtMs: number }
  /** No audio leaves any more; a goodbye that an audio packet overtakes would be void. */
  | { readonly phase: "stopping"; readonly reason: EndReason; readonly goodbyeAtMs: number }
  /** Goodbye was said; it is said again if the server seems not to have heard it. */
  | { readonly phase: "lingering"; readonly saidAtMs: number; readonly overAtMs: number }
  | { readonly phase: "over" };

export type Input =
  | { readonly kind: "message"; readonly message: Message }
  /** Anything at all came from the server, after we stopped. */
  | { readonly kind: "stray" }
  | { readonly kind: "peer.heard" }
  | { readonly kind: "peer.silent" }
  | { readonly kind: "audio.started" }
  | { readonly kind: "tick" }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "leave" };

export type SessionEvent = Extract<Untimed, { kind: `session.${string}` }>;

export type Output =
  /** To be acknowledged, behind what waits already. */
  | { readonly kind: "queue"; readonly message: QueuedMessage }
  /** At once, and once. */
  | { readonly kind: "send"; readonly message: ConnectionlessMessage }
  /** The conversation begins anew: what was to be acknowledged is void. */
  | { readonly kind: "anew" }
  /** The server can put large messages together again, or must first say so again. */
  | { readonly kind: "splitting"; readonly supported: boolean }
  | { readonly kind: "engine.join"; readonly format: AudioFormat }
  | { readonly kind: "engine.format"; readonly format: AudioFormat }
  | { readonly kind: "engine.leave" }
  | { readonly kind: "engine.dismiss" }
  /** Whether a goodbye is due should the process die. */
  | { readonly kind: "farewell"; readonly due: boolean }
  | { readonly kind: "event"; readonly event: SessionEvent }
  | { readonly kind: "disclosed"; readonly what: Disclosure["what"] }
  | { readonly kind: "pinged"; readonly pingMs: number };

export interface Step<S extends State = State> {
  readonly state: S;
  readonly outputs: readonly Output[];
}
