// What the control socket needs of the box, and all it may ask of it.

import type { Event, Untimed } from "../core/event.js";
import type { Server } from "../core/state.js";
import type { Status } from "../core/status.js";

type WishKind =
  | "button.down"
  | "button.up"
  | "connect.asked"
  | "disconnect.asked"
  | "mute.asked"
  | "gain.asked"
  | "chat.asked";

/** What somebody at the socket wants; the box adds the time and takes it as an event. */
export type Wish = Untimed<Extract<Event, { readonly kind: WishKind }>>;

/** `new`: goes on in a folder of its own. */
export type RecordingWish = "start" | "stop" | "new";

export interface ControlledBox {
  /** The servers of the configuration, which `connect` knows by name. */
  readonly servers: readonly Server[];
  /** Whether the configuration lets chat in and out. */
  readonly chatAllowed: boolean;
  status(): Status;
  /** Calls `changed` after each change of the state; gives what ends that. */
  onChange(changed: () => void): () => void;
  dispatch(wish: Wish): void;
  /** Left out on a box that is no hub. Null: done; else why it cannot be, in words. */
  record?(wish: RecordingWish): string | null;
}
