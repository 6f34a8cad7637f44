// Bodies and limits that several messages share.
import { flag, list, record, text16, thenZeros, u8, u16, u32 } from "./field.js";

/** Longest texts a receiver accepts, in UTF-16 code units (spec 1.6). A longer one spoils its whole message. */
export const textLimits = {
  name: 16,
  city: 20,
  serverName: 20,
  address: 15,
  chat: 1800,
  version: 50,
} as const;

/** What a musician or a server tells about its program. `os`: see `operatingSystems`. */
export const versionFields = { os: u8, version: text16(textLimits.version) };

/** How a musician introduces herself. Codes are passed on unchecked, so any number may come. */
export const profileFields = {
  country: u16,
  instrument: u32,
  skill: u8,
  name: text16(textLimits.name),
  city: text16(textLimits.city),
};

/** How a server introduces itself to a directory. An empty `internalAddress` stands for 127.0.0.1. */
export const serverFields = {
  port: u16,
  country: u16,
  maxClients: u8,
  permanent: flag,
  serverName: text16(textLimits.serverName),
  internalAddress: text16(textLimits.address),
  city: text16(textLimits.city),
};

/** The musicians on a server, ascending channel ID. Where four zeros are, an address was long ago. */
export const clientList = record({
  clients: list(record({ channel: u8, ...profileFields, skill: thenZeros(u8, 4) })),
});
