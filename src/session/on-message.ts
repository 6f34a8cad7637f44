// What each message of the server means to us, and what we answer.

import type { Client, Tristate } from "../core/state.js";
import {
  type ClientEntry,
  hasSequenceNumbers,
  instrumentName,
  type Message,
  type MessageOf,
  parseVersion,
  recorderStates,
} from "../protocol/index.js";
import type { Output, SessionEvent, State, Step, Talk } from "./machine-types.js";
import { hearPing } from "./pings.js";
import { printable, readChat } from "./plain-text.js";
import { hearDepth, startDepth } from "./server-depth.js";
import { announcement, jitterMessage, profileOutputs, queue, switchFormat } from "./talk.js";
import { hushMs, silenceMs } from "./timing.js";

/** No server has room for more. */
const maxClients = 150;

/** Messages that mean nothing to a client change nothing. */
export function onMessage(talk: Talk, message: Message, atMs: number): Step {
  const answer = (...outputs: Output[]): Step<Talk> => ({ state: talk, outputs });
  const learn = (changes: Partial<Talk>, ...outputs: Output[]): Step<Talk> => ({
    state: { ...talk, ...changes },
    outputs,
  });
  switch (message.kind) {
    case "CLIENT_ID":
      return onClientId(talk, message.channel, atMs);
    case "RAWAUDIO_SUPPORTED": {
      const allowed = { ...talk, rawAllowed: true };
      return switchFormat(allowed, { quality: talk.wanted.quality });
    }
    case "REQ_SPLIT_MESS_SUPPORT":
      return answer({ kind: "splitting", supported: true }, queue({ kind: "SPLIT_MESS_SUPPORTED" }));
    case "REQ_NETW_TRANSPORT_PROPS":
      return onFormatAsked(talk);
    case "REQ_JITT_BUF_SIZE":
      return answer(queue(jitterMessage(talk)));
    case "REQ_CHANNEL_INFOS":
      return answer(...profileOutputs(talk));
    case "VERSION_AND_OS":
      return onVersion(talk, message.version);
    case "CLM_VERSION_AND_OS":
      // Asked for where the server does not tell on its own; before it knows us, no format can be announced.
      return talk.clientId !== null || talk.introduced ? onVersion(talk, message.version) : answer();
    case "CONN_CLIENTS_LIST":
      return onClients(talk, message.clients, atMs);
    case "CLM_CHANNEL_LEVEL_LIST":
      return message.levels.length === talk.clients.length ? learn({ levels: message.levels }) : answer();
    case "MUTE_STATE_CHANGED":
      return onMutedBy(talk, withMuter(talk.mutedBy, message));
    case "JITT_BUF_SIZE":
      return hearDepth(talk, message.blocks);
    case "CLM_PING_MS": {
      const { pings, pingMs } = hearPing(talk.pings, message.time, atMs);
      return pingMs === null ? answer() : learn({ pings }, { kind: "pinged", pingMs });
    }
    case "CHAT_TEXT": {
      const { kind, text } = readChat(message.text);
      return answer(tell({ kind: `session.${kind}`, text }));
    }
    case "LICENCE_REQUIRED":
      return message.licenceType === 0 ? answer() : answer(tell({ kind: "session.licence-asked" }));
    case "RECORDER_STATE":
      return onRecording(talk, recordingOf(message));
    default:
      return answer();
  }
}

function recordingOf({ state }: MessageOf<"RECORDER_STATE">): Tristate {
  return recorderStates[state] === "recording" ? "yes" : "no";
}

function onRecording(talk: Talk, recording: Tristate): Step<Talk> {
  if (talk.phase === "joining") return { state: { ...talk, recording }, outputs: [] };
  return { state: talk, outputs: [tell({ kind: "session.recording", recording })] };
}

function tell(event: SessionEvent): Output {
  return { kind: "event", event };
}

/**
 * A second one means that the server was started anew (spec 4.7): what it knew of us and what it said of itself counts no
 * longer. What we send stays as it is until the new one asks.
 */
function onClientId(talk: Talk, clientId: number, atMs: number): Step<Talk> {
  const forgotten: Output[] =
    talk.clientId === null
      ? []
      : [{ kind: "splitting", supported: false }, tell({ kind: "session.recording", recording: "unknown" })];
  const anew = { ...talk, rawAllowed: false, serverVersion: null, clients: [], levels: [], mutedBy: [] };
  const { state, outputs } = connect(anew, clientId, atMs);
  return { state, outputs: [...outputs, ...forgotten] };
}

/** From here on things are told that came earlier than the connection. */
function connect(talk: Talk, clientId: number, atMs: number): Step<Talk> {
  const outputs = [tell({ kind: "session.connected", clientId })];
  if (talk.heard) outputs.push(tell({ kind: "session.heard", heard: true }));
  if (talk.playing) outputs.push(tell({ kind: "session.playing" }));
  const { recording } = talk;
  if (recording !== "unknown") outputs.push(tell({ kind: "session.recording", recording }));
  const giveUpAtMs = talk.heard ? null : atMs + silenceMs;
  return {
    state: {
      ...talk,
      phase: "connected",
      clientId,
      playing: false,
      recording: "unknown",
      nextPingAtMs: atMs,
      giveUpAtMs,
      depth: startDepth(atMs),
    },
    outputs,
  };
}

/** By now a server that allows raw audio has said so. If one came up without it in the old one's place, we go without. */
function onFormatAsked(talk: Talk): Step<Talk> {
  const withdrawn = talk.choice.quality === "raw" && !talk.rawAllowed;
  if (withdrawn) return switchFormat(talk, { quality: "high" });
  return { state: talk, outputs: [queue(announcement(talk.choice))] };
}

function onVersion(talk: Talk, announced: string): Step<Talk> {
  const version = printable(announced.split(":", 1)[0]!);
  const parsed = parseVersion(version);
  const sequenced = parsed !== undefined && hasSequenceNumbers(parsed);
  const { state, outputs } = switchFormat(talk, { sequenced });
  const news = version === talk.serverVersion ? [] : [tell({ kind: "session.version", version })];
  return { state: { ...state, serverVersion: version }, outputs: [...outputs, ...news] };
}

/**
 * Who is on the list without having been given a number is there from before (spec 4.8). Such a server says neither that it
 * records nor what its licence is, so we leave it and come as a newcomer; but once only, since very old ones give no numbers.
 */
function onClients(talk: Talk, entries: readonly ClientEntry[], atMs: number): Step {
  const own = talk.phase === "joining" ? entries.find((entry) => isOurs(talk, entry)) : undefined;
  if (own && !talk.renewed) {
    const state: State = { phase: "renewing", talk, said: false, nextAtMs: atMs + hushMs };
    return { state, outputs: [{ kind: "engine.leave" }] };
  }
  const { state, outputs } = own ? connect(talk, own.channel, atMs) : { state: talk, outputs: [] };
  const clients = entries.slice(0, maxClients).map(clientOf);
  if (JSON.stringify(clients) === JSON.stringify(talk.clients)) return { state, outputs };
  const present = talk.mutedBy.filter((id) => clients.some((client) => client.id === id));
  const muters = onMutedBy({ ...state, clients, levels: [] }, present);
  return {
    state: muters.state,
    outputs: [...outputs, tell({ kind: "session.clients", clients }), ...muters.outputs],
  };
}

function isOurs({ profile }: Talk, entry: ClientEntry): boolean {
  return (
    entry.name === profile.name &&
    entry.city === profile.city &&
    entry.instrument === profile.instrument &&
    entry.country === profile.country &&
    entry.skill === profile.skill
  );
}

function clientOf(entry: ClientEntry): Client {
  return {
    id: entry.channel,
    name: printable(entry.name),
    instrument: instrumentName(entry.instrument) ?? "",
    city: printable(entry.city),
  };
}

function withMuter(ids: readonly number[], { channel, muted }: MessageOf<"MUTE_STATE_CHANGED">): number[] {
  const others = ids.filter((id) => id !== channel);
  return muted ? [...others, channel] : others;
}

function onMutedBy(talk: Talk, clientIds: readonly number[]): Step<Talk> {
  if (clientIds.length === talk.mutedBy.length) return { state: talk, outputs: [] };
  return {
    state: { ...talk, mutedBy: clientIds },
    outputs: [tell({ kind: "session.muted-by", clientIds })],
  };
}
