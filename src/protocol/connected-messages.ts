// The messages of a conversation: queued, acknowledged, resent (spec 2.2).
import { clientList, profileFields, textLimits, versionFields } from "./bodies.js";
import { factor, flag, i32, oneOf, record, rest, text16, u8, u16, u32, within } from "./field.js";

/** Largest piece of a body that travels in one part of a split message (spec 1.5). */
export const splitPartBytes = 550;

const empty = record({});

/** Every connected message: name -> ID and body. Obsolete IDs (12, 14, 15, 17, 19, 22) are left out: unknown. */
export const connectedMessages = {
  /** Acknowledges the message `id` whose counter this envelope repeats. */
  ACKN: { id: 1, body: record({ id: u16 }) },

  /** Jitter buffer of the server in blocks: 1..20, or 21 for automatic. */
  JITT_BUF_SIZE: { id: 10, body: record({ blocks: within(u16, 1, 21) }) },
  REQ_JITT_BUF_SIZE: { id: 11, body: empty },

  /** What the sender wants to hear of `channel`: 0..1; up to 1.99997 is accepted. */
  CHANNEL_GAIN: { id: 13, body: record({ channel: u8, gain: factor }) },
  REQ_CONN_CLIENTS_LIST: { id: 16, body: empty },

  /** Plain text from a client, HTML from a server. The welcome text comes this way too. */
  CHAT_TEXT: { id: 18, body: record({ text: text16(textLimits.chat) }) },

  /**
   * Audio format of the sender. `baseSize`: bytes of a coded block, the sequence byte included; `codec`: 1 CELT (refused),
   * 2 Opus with 128 frames, 3 Opus with 64; `flags`: 1 means with sequence bytes.
   */
  NETW_TRANSPORT_PROPS: {
    id: 20,
    body: record({
      baseSize: within(u32, 10, 20000),
      blockFactor: oneOf(u16, 1, 2, 4),
      channels: within(u8, 1, 2),
      sampleRate: u32,
      codec: within(u16, 1, 3),
      flags: u16,
      codecArgument: i32,
    }),
  },
  REQ_NETW_TRANSPORT_PROPS: { id: 21, body: empty },

  REQ_CHANNEL_INFOS: { id: 23, body: empty },
  CONN_CLIENTS_LIST: { id: 24, body: clientList },
  CHANNEL_INFOS: { id: 25, body: record(profileFields) },
  OPUS_SUPPORTED: { id: 26, body: empty },

  /** 0: no licence, 1: the musician must consent before she is heard. */
  LICENCE_REQUIRED: { id: 27, body: record({ licenceType: u8 }) },

  /** Only servers before 3.5.13 need it to send levels. */
  REQ_CHANNEL_LEVEL_LIST: { id: 28, body: record({ wanted: flag }) },
  VERSION_AND_OS: { id: 29, body: record(versionFields) },

  /** 0 left, 0.5 centre, 1 right; up to 1.99997 may come. */
  CHANNEL_PAN: { id: 30, body: record({ channel: u8, pan: factor }) },

  /** The client on `channel` has muted or unmuted the receiver for itself. */
  MUTE_STATE_CHANGED: { id: 31, body: record({ channel: u8, muted: flag }) },

  /** First message of a new connection; a second one means that the server lost its state. */
  CLIENT_ID: { id: 32, body: record({ channel: u8 }) },

  /** 1: no recording directory, 2: not recording, 3: recording. */
  RECORDER_STATE: { id: 33, body: record({ state: within(u8, 1, 3) }) },
  REQ_SPLIT_MESS_SUPPORT: { id: 34, body: empty },
  SPLIT_MESS_SUPPORTED: { id: 35, body: empty },
  RAWAUDIO_SUPPORTED: { id: 36, body: empty },

  /** Part `index` of `parts` of the body of the message `originalId` (spec 1.5). `slice` is a view when read. */
  SPECIAL_SPLIT_MESSAGE: {
    id: 2001,
    body: record({ originalId: u16, parts: u8, index: u8, slice: rest(splitPartBytes) }),
  },
};
