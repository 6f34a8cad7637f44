// The words of the hub's machine: whom it knows, what it hears, what it wants done. It never learns an address.

import type { AudioFormat } from "../audio/engine.js";
import type { ConnectionlessMessage, Message, MessageOf, QueuedMessage } from "../protocol/index.js";

/** How a musician introduced herself; numbers are the protocol's codes, unchecked. */
export type Profile = Omit<MessageOf<"CHANNEL_INFOS">, "kind">;

/** What the operator decided. */
export interface HouseRules {
  readonly maxClients: number;
  /** Markup allowed; empty: no welcome. */
  readonly welcome: string;
  /** Clients ask their musicians to agree before they are heard. */
  readonly licence: boolean;
  /** Lines of chat are passed on. */
  readonly chat: boolean;
  /** As `announcedVersion` makes it. */
  readonly version: string;
}

export interface Client {
  /** The protocol's channel ID, and the mixer's slot. */
  readonly slot: number;
  readonly sinceMs: number;
  /** Acknowledges still wanted before we believe that somebody is at this address; 0: proven. */
  readonly proofsMissing: number;
  readonly wrongProofs: number;
  /** Null: not told yet. */
  readonly profile: Profile | null;
  readonly format: AudioFormat | null;
  /** Heard by the others and sent its mix. */
  readonly inMix: boolean;
  /** It wants its jitter buffer as the network asks. */
  readonly autoJitter: boolean;
  /** Depth of its jitter buffer, in blocks. */
  readonly jitterBlocks: number;
  /** The clients that it hears otherwise than at full gain, by slot. */
  readonly gains: ReadonlyMap<number, number>;
  /** What it was told about recording and has not acknowledged yet, oldest first. */
  readonly told: readonly RecorderState[];
  /** It knows that it is being recorded. */
  readonly knowsOfRecording: boolean;
  /** When it must have read that it is recorded; null: it was not told. */
  readonly knowsAtMs: number | null;
  /** Its frames are written. */
  readonly recorded: boolean;
}

/** As in RECORDER_STATE: 1 there is no folder for it, 2 not recording, 3 recording. */
export type RecorderState = 1 | 2 | 3;

export type Recording =
  /** There is no folder to write to. */
  | { readonly kind: "unavailable" }
  | { readonly kind: "off" }
  /** Everybody is being told; nothing is written before all know, or before this time. */
  | { readonly kind: "announcing"; readonly untilMs: number }
  | { readonly kind: "on" };

export interface State {
  readonly rules: HouseRules;
  readonly clients: ReadonlyMap<number, Client>;
  readonly recording: Recording;
  /** Frames are being written: what the REC light says. */
  readonly writing: boolean;
  /** Why recording ended by itself; null: it did not. */
  readonly recorderTrouble: string | null;
}

export type RecordingWish = "start" | "stop" | "toggle" | "new";

export type Gone = "left" | "silent" | "unproven" | "unresponsive" | "gave-way";

export type Input =
  /** Somebody knocked and may come in. */
  | { readonly kind: "join" }
  /** The client has acknowledged the message `id` that was in flight. */
  | { readonly kind: "acknowledged"; readonly slot: number; readonly id: number }
  /** It has acknowledged what was not in flight. */
  | { readonly kind: "wrong-acknowledge"; readonly slot: number }
  | { readonly kind: "message"; readonly slot: number; readonly message: Message }
  /** A line of chat, and when it came, as it shall be shown. */
  | { readonly kind: "said"; readonly slot: number; readonly text: string; readonly timeOfDay: string }
  | { readonly kind: "jitter"; readonly slot: number; readonly blocks: number }
  | { readonly kind: "gone"; readonly slot: number; readonly why: Gone }
  | { readonly kind: "record"; readonly wish: RecordingWish }
  | { readonly kind: "recorder.writing"; readonly writing: boolean }
  | { readonly kind: "recorder.failed"; readonly reason: string }
  | { readonly kind: "tick" };

export type Output =
  /** Tell this client, in its turn, until it acknowledges. */
  | { readonly kind: "queue"; readonly slot: number; readonly message: QueuedMessage }
  | { readonly kind: "send"; readonly slot: number; readonly message: ConnectionlessMessage }
  /** Large messages to this client may go in parts from now on. */
  | { readonly kind: "splitting"; readonly slot: number }
  | { readonly kind: "mixer.add"; readonly slot: number }
  | { readonly kind: "mixer.remove"; readonly slot: number; readonly why: Gone }
  | { readonly kind: "mixer.format"; readonly slot: number; readonly format: AudioFormat }
  | { readonly kind: "mixer.admit"; readonly slot: number }
  | {
      readonly kind: "mixer.gain";
      readonly listener: number;
      readonly source: number;
      readonly gain: number;
    }
  | { readonly kind: "mixer.pan"; readonly listener: number; readonly source: number; readonly pan: number }
  | { readonly kind: "mixer.jitter"; readonly slot: number; readonly depth: number | "auto" }
  | { readonly kind: "recorder.start" | "recorder.stop" | "recorder.new" }
  | { readonly kind: "recorder.include"; readonly slot: number; readonly name: string }
  | { readonly kind: "recorder.exclude"; readonly slot: number }
  /** No slot is free. */
  | { readonly kind: "full" };

export interface Step {
  readonly state: State;
  readonly outputs: readonly Output[];
}

/** The same state with one client changed. */
export function withClient(state: State, client: Client): State {
  return { ...state, clients: new Map(state.clients).set(client.slot, client) };
}
