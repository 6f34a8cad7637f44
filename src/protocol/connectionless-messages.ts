// The messages that need no conversation: sent once, by anybody to anybody (spec 2.3).
import { clientList, serverFields, textLimits, versionFields } from "./bodies.js";
import { ipv4, list, nothing, record, text8, text16, u8, u16, u32 } from "./field.js";
import { levelList } from "./level-list.js";

/** Every connection-less message: name -> ID and body. Where nothing is expected, more bytes are tolerated. */
export const connectionlessMessages = {
  /** `time`: the sender's clock in ms, which comes back unchanged. */
  CLM_PING_MS: { id: 1001, body: record({ time: u32 }) },
  /** `clients`: 0 in the question, the number of connected clients in the answer. */
  CLM_PING_MS_WITHNUMCLIENTS: { id: 1002, body: record({ time: u32, clients: u8 }) },
  CLM_SERVER_FULL: { id: 1003, body: nothing },

  CLM_REGISTER_SERVER: { id: 1004, body: record(serverFields) },
  CLM_UNREGISTER_SERVER: { id: 1005, body: nothing },

  /** The first entry is the directory itself, address 0.0.0.0 and port 0: take the sender of the datagram. */
  CLM_SERVER_LIST: { id: 1006, body: record({ servers: list(record({ address: ipv4, ...serverFields })) }) },
  CLM_REQ_SERVER_LIST: { id: 1007, body: nothing },

  /** Orders a server to send CLM_EMPTY_MESSAGE to this client, which opens the way for the client's pings. */
  CLM_SEND_EMPTY_MESSAGE: { id: 1008, body: record({ address: ipv4, port: u16 }) },
  CLM_EMPTY_MESSAGE: { id: 1009, body: nothing },
  CLM_DISCONNECTION: { id: 1010, body: nothing },

  CLM_VERSION_AND_OS: { id: 1011, body: record(versionFields) },
  CLM_REQ_VERSION_AND_OS: { id: 1012, body: nothing },
  CLM_CONN_CLIENTS_LIST: { id: 1013, body: clientList },
  CLM_REQ_CONN_CLIENTS_LIST: { id: 1014, body: nothing },

  /** Level meters in the order of the client list. */
  CLM_CHANNEL_LEVEL_LIST: { id: 1015, body: record({ levels: levelList }) },

  /** `result`: see `registrationResults`; a receiver must expect others. */
  CLM_REGISTER_SERVER_RESP: { id: 1016, body: record({ result: u8 }) },
  CLM_REGISTER_SERVER_EX: { id: 1017, body: record({ ...serverFields, ...versionFields }) },

  /** The short list, for networks that lose the fragments of the full one. Same order. */
  CLM_RED_SERVER_LIST: {
    id: 1018,
    body: record({
      servers: list(record({ address: ipv4, port: u16, serverName: text8(textLimits.serverName) })),
    }),
  },

  /** `features`: bits as in `serverFeatures`. */
  CLM_SERVER_FEATURES: { id: 1019, body: record({ features: u32 }) },
  CLM_REQ_SERVER_FEATURES: { id: 1020, body: nothing },
  /** The welcome text as the operator wrote it, without the prefix it has in chat. */
  CLM_WELCOME_MESSAGE: { id: 1021, body: record({ text: text16(textLimits.chat) }) },
  CLM_REQ_WELCOME_MESSAGE: { id: 1022, body: nothing },
};
