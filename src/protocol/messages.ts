// Bodies as typed messages and back: one table of every message there is.
import { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { connectedMessages } from "./connected-messages.js";
import { connectionlessMessages } from "./connectionless-messages.js";
import { sealEnvelope } from "./envelope.js";
import type { Field, ValueOf } from "./field.js";

type Table = Readonly<Record<string, { id: number; body: Field<unknown> }>>;
type MessagesOf<T extends Table> = { [K in keyof T]: { kind: K } & ValueOf<T[K]["body"]> }[keyof T];

/** A message of a conversation. `kind` is the protocol's own name, the fields lie beside it. */
export type ConnectedMessage = MessagesOf<typeof connectedMessages>;

/** A message that needs no conversation. */
export type ConnectionlessMessage = MessagesOf<typeof connectionlessMessages>;

export type Message = ConnectedMessage | ConnectionlessMessage;
export type MessageKind = Message["kind"];
export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>;

/** One musician in CONN_CLIENTS_LIST, one server in CLM_SERVER_LIST. */
export type ClientEntry = MessageOf<"CONN_CLIENTS_LIST">["clients"][number];
export type ServerEntry = MessageOf<"CLM_SERVER_LIST">["servers"][number];

/** Why a valid envelope gives no message. */
export type NotUnderstood = "unknown-id" | "malformed";

export type Decoded = { ok: true; message: Message } | { ok: false; reason: NotUnderstood };

const messages: Table = { ...connectedMessages, ...connectionlessMessages };
const kindById = new Map(Object.entries(messages).map(([kind, { id }]) => [id, kind]));

/** The protocol's name of an ID, for logs and notes; undefined for an unknown one. */
export function messageName(id: number): MessageKind | undefined {
  return kindById.get(id) as MessageKind | undefined;
}

/** The ID of a message, by the protocol's name of it. */
export function messageId(kind: MessageKind): number {
  return messages[kind]!.id;
}

/** Reads the body of message `id`. Bytes missing, bytes left over and values out of range make it malformed. */
export function decodeMessage(id: number, body: Uint8Array): Decoded {
  const kind = kindById.get(id);
  if (kind === undefined) return { ok: false, reason: "unknown-id" };
  const reader = new ByteReader(body);
  const fields = messages[kind]!.body.read(reader);
  if (reader.failed || reader.remaining > 0) return { ok: false, reason: "malformed" };
  return { ok: true, message: { kind, ...(fields as object) } as Message };
}

export interface EncodedMessage {
  readonly id: number;
  readonly body: Uint8Array;
}

/** Writes the body of a message. Throws a RangeError on a value that no receiver would accept. */
export function encodeMessage(message: Message): EncodedMessage {
  const { id, body } = messages[message.kind]!;
  const writer = new ByteWriter();
  body.write(writer, message);
  return { id, body: writer.take() };
}

/** The whole datagram of a connection-less message, ready to send. Throws a RangeError as `encodeMessage` does. */
export function connectionlessDatagram(message: ConnectionlessMessage): Uint8Array {
  const { id, body } = encodeMessage(message);
  return sealEnvelope(id, 0, body);
}
