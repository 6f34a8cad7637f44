// A message written the way the notes of the captured vectors put it, to compare meanings and not only bytes.
import { type Message, type MessageOf, messageName } from "../../src/protocol/index.js";

type Entry = MessageOf<"CONN_CLIENTS_LIST">["clients"][number];

/** What the note of a vector says behind name, counter and length. */
export function noteOf(message: Message): string {
  switch (message.kind) {
    case "ACKN":
      return `ack of ${messageName(message.id)}(${message.id})`;
    case "JITT_BUF_SIZE":
      return `blocks=${message.blocks}`;
    case "CHANNEL_GAIN":
      return factor(message.channel, message.gain);
    case "CHANNEL_PAN":
      return factor(message.channel, message.pan);
    case "CHAT_TEXT":
    case "CLM_WELCOME_MESSAGE":
      return quoted(message.text);
    case "NETW_TRANSPORT_PROPS":
      return (
        `basesize=${message.baseSize} fact=${message.blockFactor} nch=${message.channels} sr=${message.sampleRate} ` +
        `codec=${message.codec} flags=${message.flags} arg=${message.codecArgument}`
      );
    case "CONN_CLIENTS_LIST":
    case "CLM_CONN_CLIENTS_LIST":
      return `[${message.clients.map(client).join(", ")}]`;
    case "CHANNEL_INFOS":
      return tuple(message.country, message.instrument, message.skill, message.name, message.city);
    case "LICENCE_REQUIRED":
      return `${message.licenceType}`;
    case "VERSION_AND_OS":
    case "CLM_VERSION_AND_OS":
      return version(message);
    case "MUTE_STATE_CHANGED":
      return `ch=${message.channel} muted=${Number(message.muted)}`;
    case "CLIENT_ID":
      return `${message.channel}`;
    case "RECORDER_STATE":
      return `${message.state}`;
    case "SPECIAL_SPLIT_MESSAGE":
      return `orig=${messageName(message.originalId)} parts=${message.parts} idx=${message.index} len=${message.slice.length}`;
    case "CLM_PING_MS":
      return `t=${message.time}`;
    case "CLM_PING_MS_WITHNUMCLIENTS":
      return `t=${message.time} n=${message.clients}`;
    case "CLM_REGISTER_SERVER":
      return server(message);
    case "CLM_REGISTER_SERVER_EX":
      return `${server(message)} ${version(message)}`;
    case "CLM_SERVER_LIST":
      return `[${message.servers.map((entry) => server(entry, entry.address)).join(", ")}]`;
    case "CLM_RED_SERVER_LIST":
      return `[${message.servers.map((entry) => tuple(entry.address, entry.port, entry.serverName)).join(", ")}]`;
    case "CLM_SEND_EMPTY_MESSAGE":
      return `${message.address}:${message.port}`;
    case "CLM_CHANNEL_LEVEL_LIST":
      return `levels nibbles ${[...message.levels, ...(message.levels.length % 2 ? [15] : [])].join(" ")}`;
    case "CLM_REGISTER_SERVER_RESP":
      return `${message.result}`;
    case "CLM_SERVER_FEATURES":
      return `features=0x${message.features.toString(16).padStart(8, "0")}`;
    default:
      return "";
  }
}

function factor(channel: number, value: number): string {
  const sixteenBits = (value * 32768).toString(16).padStart(4, "0");
  return `ch=${channel} val=0x${sixteenBits} (${value.toFixed(5)})`;
}

function client({ channel, country, instrument, skill, name, city }: Entry): string {
  return tuple(channel, country, instrument, skill, 0, name, city);
}

function server(entry: Omit<MessageOf<"CLM_REGISTER_SERVER">, "kind">, ...before: string[]): string {
  const { port, country, maxClients, permanent, serverName, internalAddress, city } = entry;
  return tuple(...before, port, country, maxClients, Number(permanent), serverName, internalAddress, city);
}

function version({ os, version }: { os: number; version: string }): string {
  return `os=${os} ver=${quoted(version)}`;
}

function tuple(...values: (string | number)[]): string {
  return `(${values.map((value) => (typeof value === "string" ? quoted(value) : value)).join(", ")})`;
}

function quoted(text: string): string {
  return `'${text}'`;
}
