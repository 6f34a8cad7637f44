// Everything the box knows about itself, as one value.

import type { Card, CardFailure } from "../audio/engine.js";
import { type CardTiming, defaultWish, initialTiming, type TimingWish } from "./card-timing.js";
import type { ConfigTrouble } from "./config-trouble.js";
import type { Touch } from "./gesture.js";
import type { Page } from "./page.js";
import type { Failure } from "./session-end.js";
import type { Update } from "./update.js";

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

/** What a server said of itself when it was asked, before it knew us; null: not answered. */
export interface EnquiryAnswers {
  readonly version: string | null;
  readonly clients: number | null;
  readonly pingMs: number | null;
}

export type Tristate = "yes" | "no" | "unknown";

/** The sound card's side of the engine. Without a card a timer paces it, so `failed` stops no session. */
export type EngineState =
  | { readonly kind: "off" }
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly card: Card }
  | { readonly kind: "failed"; readonly failure: CardFailure };

export type Connection =
  | { readonly kind: "idle" }
  | {
      readonly kind: "connecting";
      readonly server: Server;
      /** Counts from 1. */
      readonly attempt: number;
      /** When the musician asked, or the retry came due: the start of the time to first sound. */
      readonly askedAtMs: number;
      /** Null until the enquiry is over. */
      readonly enquiry: EnquiryAnswers | null;
    }
  | {
      readonly kind: "connected";
      readonly server: Server;
      readonly askedAtMs: number;
      readonly enquiry: EnquiryAnswers | null;
      readonly clientId: number;
      readonly clients: readonly Client[];
      /** IDs of the clients that have muted us for themselves: they do not hear us. */
      readonly mutedBy: readonly number[];
      readonly pingMs: number | null;
      readonly delayMs: number | null;
      /** From the press to the first decoded block; null until it came. */
      readonly joinMs: number | null;
      /** The server's sound is arriving. */
      readonly heard: boolean;
      readonly serverVersion: string | null;
      readonly welcome: string | null;
      /** The server asked for consent to its licence; `muted.licence` stands until the musician gives it. */
      readonly licenceAsked: boolean;
    }
  | {
      readonly kind: "waiting";
      readonly server: Server;
      /** The attempt that ended; a session that was lost counts as the first. */
      readonly attempt: number;
      /** Why the last attempt ended. */
      readonly reason: Failure;
      /** When last asked, the server answered: the box is not kept from it by its absence. */
      readonly answers: boolean;
    }
  /** Until the session has ended; then the box goes where `wanted` says. */
  | { readonly kind: "leaving"; readonly server: Server };

/** Whether this machine has a way to others, as far as it knows. */
export type Link = "up" | "down";

export type RecordingPolicy = "notify" | "mute-until-ack" | "refuse";
/** `notify`: nothing is withheld. The other two silence the microphone, `refused` until the session is over. */
export type Consent = "notify" | "muted-until-acknowledged" | "refused";

/** What the musician is asked before any sound leaves the box. */
export type Question = "licence" | "recording";

/** One thing that left the box: what, to whom, when. Kept since power-on, never written to disk. */
export interface Disclosure {
  readonly what: "name-lookup" | "address" | "profile" | "audio" | "chat" | "enquiry" | "list-request";
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
  /** The protocol encrypts nothing, so `no` until a way to the present server is known that does. */
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
  /** Which of `servers` the next CONNECT press joins. */
  readonly chosen: number;
  /** The link LED confirms that another one was chosen. */
  readonly confirming: boolean;
  readonly recordingPolicy: RecordingPolicy;
  readonly chatAllowed: boolean;
  readonly configTrouble: ConfigTrouble | null;
  /** What the updater of an SD card says, as long as it is news. */
  readonly update: Update | null;
  readonly engine: EngineState;
  readonly timing: CardTiming;
  readonly link: Link;
  readonly connection: Connection;
  readonly privacy: Privacy;
  readonly muted: Muted;
  /** The latest chat line of this session, where chat is allowed; never stored, gone with the session. */
  readonly chat: string | null;
  readonly touch: Touch;
  /** What was asked when MUTE went down: what came up under the finger, a press does not agree to. */
  readonly askedAtTouch: Question | null;
  /** The privacy page that the display shows, unless something more pressing does. */
  readonly page: Page | null;
  /** `stop`: this program ends. `power-off`: the whole box. */
  readonly stopping: "no" | "stop" | "power-off";
}

export interface Policies {
  readonly recording: RecordingPolicy;
  readonly chat: boolean;
}

/** What the musician wants, as it is kept over a restart: to play there, and whether to be heard. */
export interface Wish {
  readonly server: Server;
  readonly muted: boolean;
}

/** Null: nobody is wanted, and a box on its own is not muted. */
export function wishOf({ wanted, muted }: State): Wish | null {
  return wanted && { server: wanted, muted: muted.musician };
}

/** The server that the next CONNECT press joins; null: none is configured. */
export function chosenServer({ servers, chosen }: State): Server | null {
  return servers[chosen] ?? null;
}

/** The box before its first event: nothing started, nobody wanted. */
export function initialState(
  servers: readonly Server[],
  policies: Policies,
  configTrouble: ConfigTrouble | null = null,
  timing: TimingWish = defaultWish,
): State {
  return {
    wanted: null,
    servers,
    chosen: 0,
    confirming: false,
    recordingPolicy: policies.recording,
    chatAllowed: policies.chat,
    configTrouble,
    update: null,
    engine: { kind: "off" },
    timing: initialTiming(timing),
    link: "up",
    connection: { kind: "idle" },
    privacy: {
      recording: "unknown",
      consent: "notify",
      acknowledgedAtMs: null,
      serverLogs: "unknown",
      serverMayRecord: "unknown",
      encrypted: "no",
      disclosed: [],
    },
    muted: { musician: false, consent: false, licence: false },
    chat: null,
    touch: { kind: "none" },
    askedAtTouch: null,
    page: null,
    stopping: "no",
  };
}
