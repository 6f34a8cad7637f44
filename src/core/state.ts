// Everything the box knows about itself, as one value.

import type { Card, CardFailure } from "../audio/engine.js";

/** A server as the configuration names it; `address` is "host", "host:port" or "[v6]:port". */
export interface Server {
  readonly name: string;
  readonly address: string;
}

/** A musician on the server, ourselves included. */
export interface Client {
  readonly id: number;
  readonly name: string;
  readonly instrument: string;
  readonly city: string;
}

export type Tristate = "yes" | "no" | "unknown";

/** The sound card's side of the engine. Without a card a timer paces it, so `failed` stops no session. */
export type EngineState =
  | { readonly kind: "off" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly card: Card }
  | { readonly kind: "failed"; readonly failure: CardFailure; readonly retryAtMs: number };

export type Connection =
  | { readonly kind: "idle" }
  | {
      readonly kind: "connecting";
      readonly server: Server;
      readonly attempt: number;
      /** When the musician asked, for the time to first sound. */
      readonly askedAtMs: number;
    }
  | {
      readonly kind: "connected";
      readonly server: Server;
      readonly askedAtMs: number;
      readonly clientId: number;
      readonly clients: readonly Client[];
      readonly pingMs: number | null;
      readonly delayMs: number | null;
      /** From the press to the first decoded block; null until it came. */
      readonly joinMs: number | null;
      /** The server's sound is arriving. */
      readonly heard: boolean;
      readonly serverVersion: string | null;
      readonly welcome: string | null;
      /** The server asks for consent to its licence; our sound stays muted until the musician presses MUTE. */
      readonly licenceAsked: boolean;
    }
  | {
      readonly kind: "waiting";
      readonly server: Server;
      readonly attempt: number;
      /** Why the last attempt ended, in words for a person. */
      readonly reason: string;
      readonly retryAtMs: number;
    }
  | { readonly kind: "leaving"; readonly server: Server };

export type RecordingPolicy = "notify" | "mute-until-ack" | "refuse";
export type Consent = "notify" | "muted-until-acknowledged" | "refused";

/** One thing that left the box: what, to whom, when. Kept since power-on, never written to disk. */
export interface Disclosure {
  readonly what: "address" | "profile" | "audio" | "chat" | "enquiry";
  readonly to: string;
  readonly atMs: number;
}

export interface Privacy {
  /** What the present server says of itself; unknown until it says so. */
  readonly recording: Tristate;
  readonly consent: Consent;
  readonly acknowledgedAtMs: number | null;
  readonly serverLogs: Tristate;
  readonly serverMayRecord: Tristate;
  readonly encrypted: Tristate;
  readonly disclosed: readonly Disclosure[];
}

/** Who silenced the microphone. Each stands for itself: sound leaves only when none is set. */
export interface Muted {
  readonly musician: boolean;
  readonly consent: boolean;
  readonly licence: boolean;
}

export interface State {
  readonly wanted: Server | null;
  readonly servers: readonly Server[];
  readonly recordingPolicy: RecordingPolicy;
  readonly engine: EngineState;
  readonly link: "up" | "down";
  readonly connection: Connection;
  readonly privacy: Privacy;
  readonly muted: Muted;
  /** The latest chat line or notice that the panel may show, stripped of markup. */
  readonly chat: string | null;
  readonly stopping: boolean;
}
