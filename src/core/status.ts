// The status object: what `plugjam status`, the control socket and the local page tell of the box.

import type { Counters, Levels, ThreadTiming } from "../audio/engine.js";
import { refusalText } from "./display.js";
import { cardNote, failureText } from "./engine-status.js";
import { isCutOff, noNetworkText } from "./link.js";
import { isMuted, type MuteReason, muteReasons } from "./mute.js";
import { recordingNow } from "./privacy.js";
import { failureInWords } from "./session-end.js";
import {
  type Client,
  type Connection,
  chosenServer,
  type EngineState,
  type EnquiryAnswers,
  type Link,
  type Privacy,
  type Server,
  type State,
} from "./state.js";
import { type Leds, panelView } from "./view.js";

export type Role = "box" | "hub" | "both";

/** What the state does not hold, because it changes all the time or never. */
export interface Live {
  readonly version: string;
  readonly role: Role;
  readonly levels: Levels;
  readonly counters: Counters;
  readonly timing: ThreadTiming;
  /** 0 to 9, in the order of the clients. */
  readonly clientLevels: readonly number[];
  /** Messages without effect, by reason, since power-on. */
  readonly dropped: ReadonlyMap<string, number>;
  /** What parts of the box do without, a sentence each. */
  readonly troubles: readonly string[];
  /** Left out on a box that is no hub. */
  readonly hub?: object;
}

export interface ConnectionStatus {
  readonly state: Connection["kind"];
  readonly server: Server | null;
  readonly clientId: number | null;
  readonly clients: readonly Client[];
  /** How loud each of `clients` is on the server, 0 to 9; empty where nobody told. */
  readonly levels: readonly number[];
  /** IDs of the clients that have muted us for themselves: they do not hear us. */
  readonly mutedBy: readonly number[];
  readonly pingMs: number | null;
  readonly delayMs: number | null;
  /** Why the box is not where its musician wants it, in words. */
  readonly reason: string | null;
  /** From the press to the first decoded block, in ms. */
  readonly joinMs: number | null;
  /** The server's sound is arriving. */
  readonly heard: boolean;
  readonly serverVersion: string | null;
  /** What the server answered before it knew us; null until the enquiry is over. */
  readonly enquiry: EnquiryAnswers | null;
  readonly welcome: string | null;
  /** The latest chat line of this session; null too where chat is off. */
  readonly chat: string | null;
}

export interface AudioStatus {
  readonly state: EngineState["kind"];
  readonly device: string | null;
  /** What is wrong and what to do, what the card needs converted, why it holds more than its least; else null. */
  readonly note: string | null;
  readonly periodFrames: number | null;
  readonly periods: number | null;
  /** What the card has left to play at a wake-up in time, where that follows the machine (`period = "auto"`); else 0. */
  readonly headroomFrames: number;
  readonly xruns: number;
  /** Blocks decoded since the box joined; the next three are counted from then, too. */
  readonly decoded: number;
  readonly concealed: number;
  readonly late: number;
  readonly lost: number;
  readonly jitterBlocks: number;
  /** By how much the card's clock is faster than the server's; null while that is not known. */
  readonly driftPpm: number | null;
  /** In dBFS; see `Levels`. */
  readonly levels: Levels;
  /** How well the audio thread keeps its time. */
  readonly timing: ThreadTiming;
}

/** What went over the network, what the box did not take and what it could not send, since it was started. */
export interface NetworkStatus {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** How unevenly the server's packets arrive (RFC 3550), in ms. */
  readonly jitterMs: number;
  /** Datagrams from addresses that the box does not listen to. */
  readonly strangers: number;
  /** Datagrams that were neither a message nor audio of the announced size. */
  readonly wrongSize: number;
  /** Messages that came faster than they could be read. */
  readonly messagesDropped: number;
  /** News of the audio thread that came faster than it could be read. */
  readonly noticesDropped: number;
  /** Packets that the system refused to send. */
  readonly sendFailures: number;
  /** Messages without effect, by reason, such as `crc`, `duplicate` or `unknown-id`. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface Status {
  readonly version: string;
  readonly role: Role;
  readonly wanted: Server | null;
  /** What the next CONNECT press joins, where nobody is wanted. */
  readonly selected: Server | null;
  readonly link: Link;
  readonly connection: ConnectionStatus;
  readonly privacy: Privacy;
  readonly muted: { readonly on: boolean; readonly by: readonly MuteReason[] };
  readonly audio: AudioStatus;
  readonly network: NetworkStatus;
  readonly panel: { readonly leds: Leds; readonly display: readonly string[] };
  /** What parts of the box do without: a pin that is taken, a display that is away; a sentence each. */
  readonly troubles: readonly string[];
  /** As `hub/hub-status.ts` describes it; null on a box that is no hub. */
  readonly hub: object | null;
}

export function statusOf(state: State, live: Live): Status {
  const view = panelView(state);
  return {
    version: live.version,
    role: live.role,
    wanted: state.wanted,
    selected: chosenServer(state),
    link: state.link,
    connection: connectionStatus(state, live),
    privacy: { ...state.privacy, recording: recordingNow(state) },
    muted: { on: isMuted(state.muted), by: muteReasons(state.muted) },
    audio: audioStatus(state, live),
    network: networkStatus(live),
    panel: { leds: view.leds, display: view.display.map((line) => line.text) },
    troubles: live.troubles,
    hub: live.hub ?? null,
  };
}

function connectionStatus(state: State, { clientLevels }: Live): ConnectionStatus {
  const { connection, privacy, chat } = state;
  const joined = connection.kind === "connected" ? connection : null;
  const approached = joined ?? (connection.kind === "connecting" ? connection : null);
  const refused = privacy.consent === "refused" ? refusalText : null;
  return {
    state: connection.kind,
    server: connection.kind === "idle" ? null : connection.server,
    clientId: joined?.clientId ?? null,
    clients: joined?.clients ?? [],
    levels: clientLevels,
    mutedBy: joined?.mutedBy ?? [],
    pingMs: joined?.pingMs ?? null,
    delayMs: joined?.delayMs ?? null,
    reason: reasonInWords(state) ?? refused,
    joinMs: joined?.joinMs ?? null,
    heard: joined?.heard ?? false,
    serverVersion: joined?.serverVersion ?? null,
    enquiry: approached?.enquiry ?? null,
    welcome: joined?.welcome ?? null,
    chat,
  };
}

function reasonInWords(state: State): string | null {
  const { connection } = state;
  if (connection.kind === "waiting") {
    return isCutOff(state, connection.server) ? noNetworkText : failureInWords(connection.reason);
  }
  const isUnheard = connection.kind === "connected" && !connection.heard;
  return isUnheard && isCutOff(state, connection.server) ? noNetworkText : null;
}

function audioStatus(state: State, { levels, counters, timing }: Live): AudioStatus {
  const { engine } = state;
  const card = engine.kind === "running" ? engine.card : null;
  const failure = engine.kind === "failed" ? engine.failure : null;
  const { xruns, decoded, concealed, late, lost, headroomFrames, jitterBlocks, driftPpm } = counters;
  return {
    state: engine.kind,
    device: card?.capture ?? failure?.device ?? null,
    note: failure ? failureText(failure) : card && cardNote(state, card),
    periodFrames: card?.periodFrames ?? null,
    periods: card?.periods ?? null,
    headroomFrames,
    xruns,
    decoded,
    concealed,
    late,
    lost,
    jitterBlocks,
    driftPpm,
    levels,
    timing,
  };
}

function networkStatus({ counters, dropped }: Live): NetworkStatus {
  const {
    packetsSent,
    packetsReceived,
    jitterMs,
    strangers,
    wrongSize,
    messagesDropped,
    noticesDropped,
    sendFailures,
  } = counters;
  return {
    packetsSent,
    packetsReceived,
    jitterMs,
    strangers,
    wrongSize,
    messagesDropped,
    noticesDropped,
    sendFailures,
    dropped: Object.fromEntries(dropped),
  };
}
