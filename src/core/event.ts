// Everything that can happen to the box. Each event is a fact in the past; none is a command to a part.

import type { Card, CardFailure } from "../audio/engine.js";
import type { EndReason } from "./session-end.js";
import type { Client, Disclosure, EnquiryAnswers, Link, Server, Tristate, Wish } from "./state.js";
import type { Update } from "./update.js";

export type { EndReason } from "./session-end.js";
export type ButtonName = "connect" | "mute";
/** How long a button has been down. */
export type HoldTimer = "hold" | "long-hold";
export type TimerName =
  | "retry"
  | "card-retry"
  | "card-quiet"
  | "leave"
  | HoldTimer
  | "confirm"
  | "page"
  | "update"
  | "power-off";

/** `atMs` is CLOCK_MONOTONIC in ms. */
export type Event = { readonly atMs: number } & (
  | { readonly kind: "box.started"; readonly connectOnBoot: boolean; readonly remembered: Wish | null }
  /** `atMs` is the time of the edge. A button that was down when the box started tells nothing until it was let go. */
  | { readonly kind: "button.down"; readonly button: ButtonName }
  | { readonly kind: "button.up"; readonly button: ButtonName }
  | { readonly kind: "timer.fired"; readonly timer: TimerName }
  | { readonly kind: "stop.asked" }
  // the control socket's wishes, as the box heard them
  | { readonly kind: "connect.asked"; readonly server: Server | null }
  | { readonly kind: "disconnect.asked" }
  | { readonly kind: "mute.asked"; readonly muted: boolean }
  | { readonly kind: "gain.asked"; readonly db: number }
  | { readonly kind: "chat.asked"; readonly text: string }
  // the sound card
  | { readonly kind: "card.opened"; readonly card: Card }
  | { readonly kind: "card.failed"; readonly failure: CardFailure }
  | { readonly kind: "card.lost"; readonly failure: CardFailure }
  /** It ran over or dry, and goes on. */
  | { readonly kind: "card.xrun" }
  /** Addresses of this machine came or went; `down`: it has none by which to reach another. */
  | { readonly kind: "link.changed"; readonly link: Link }
  /** Whether the way to the present server is encrypted, as far as the machine knows. */
  | { readonly kind: "path.encrypted"; readonly encrypted: boolean }
  /** What the box's own system is being replaced by, if it is; null: nothing to say. */
  | { readonly kind: "update.told"; readonly update: Update | null }
  // the conversation with the server; its texts are plain, one line, without markup
  | { readonly kind: "session.connected"; readonly clientId: number }
  | { readonly kind: "session.clients"; readonly clients: readonly Client[] }
  /** IDs of all clients that have muted us for themselves. */
  | { readonly kind: "session.muted-by"; readonly clientIds: readonly number[] }
  | { readonly kind: "session.recording"; readonly recording: Tristate }
  | {
      readonly kind: "session.enquired";
      readonly serverLogs: Tristate;
      readonly serverMayRecord: Tristate;
      readonly recording: Tristate;
      readonly answers: EnquiryAnswers;
    }
  | { readonly kind: "session.delay"; readonly pingMs: number; readonly delayMs: number }
  | { readonly kind: "session.heard"; readonly heard: boolean }
  | { readonly kind: "session.playing" }
  | { readonly kind: "session.version"; readonly version: string }
  | { readonly kind: "session.welcome"; readonly text: string }
  | { readonly kind: "session.licence-asked" }
  | { readonly kind: "session.chat"; readonly text: string }
  | { readonly kind: "session.disclosed"; readonly disclosure: Disclosure }
  /** Whether the server that the box waits for is there: it was found, and answered a ping; not where the session is. */
  | { readonly kind: "session.probed"; readonly answered: boolean; readonly elsewhere: boolean }
  | { readonly kind: "session.ended"; readonly reason: EndReason }
);

/** An event as its source tells it, before somebody with a clock adds when it was. */
export type Untimed<E extends Event = Event> = E extends unknown ? Omit<E, "atMs"> : never;
