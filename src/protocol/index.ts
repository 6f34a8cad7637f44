// The public face of the protocol layer.
export { textLimits } from "./bodies.js";
export * from "./codes.js";
export { type Country, countryByCode, findCountry } from "./countries.js";
export {
  type Envelope,
  isConnectionless,
  maxBodyBytes,
  maxDatagramBytes,
  type NotAMessage,
  parseEnvelope,
  sealEnvelope,
} from "./envelope.js";
export { type DropReason, Inbox, type Received } from "./inbox.js";
export { instrumentCode, instrumentName } from "./instruments.js";
export * from "./messages.js";
export { Outbox, type QueuedMessage, resendMs } from "./outbox.js";
export { cutText } from "./text.js";
export * from "./transport.js";
export * from "./version.js";
