// What a transition may ask of the outside world. Data only; the controller's handlers do the work.

import type { Timing } from "./card-timing.js";
import type { TimerName } from "./event.js";
import type { Prompt } from "./prompt.js";
import type { Server, Wish } from "./state.js";

export type Effect =
  | { readonly kind: "session.start"; readonly server: Server }
  /** Say goodbye; `session.ended` with reason `left` follows. */
  | { readonly kind: "session.leave" }
  /** Ask every now and then whether this server is there, and tell as `session.probed`; null, a start or a leave: no more. */
  | { readonly kind: "session.probe"; readonly server: Server | null }
  | { readonly kind: "session.say"; readonly text: string }
  | { readonly kind: "card.open"; readonly timing: Timing }
  | { readonly kind: "audio.mute"; readonly muted: boolean }
  /** Armed: the audio thread mutes itself the moment the server says that it records, before anybody here hears of it. */
  | { readonly kind: "audio.guard"; readonly armed: boolean }
  | { readonly kind: "audio.gain"; readonly db: number }
  | { readonly kind: "timer.set"; readonly timer: TimerName; readonly inMs: number }
  | { readonly kind: "timer.clear"; readonly timer: TimerName }
  /** Remember across a power cut whom the musician wants to play with, and whether muted. */
  | { readonly kind: "wanted.store"; readonly wish: Wish | null }
  | { readonly kind: "log"; readonly level: "info" | "warn"; readonly text: string }
  /** To be said in the headphones, after what is being said. */
  | { readonly kind: "voice.say"; readonly prompt: Prompt }
  /** End this program; `powerOff`: then switch the machine off. */
  | { readonly kind: "box.stop"; readonly powerOff: boolean };
