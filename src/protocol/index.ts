// The public face of the protocol layer.
export { textLimits } from "./bodies.js";
export * from "./codes.js";
export { countryByCode, findCountry } from "./countries.js";
export {
  isConnectionless,
  maxBodyBytes,
  maxDatagramBytes,
  parseEnvelope,
  sealEnvelope,
} from "./envelope.js";
export { type DropReason, Inbox, type Received } from "./inbox.js";
export { instrumentCode, instrumentName } from "./instruments.js";
export * from "./messages.js";
export { Outbox, type QueuedMessage } from "./outbox.js";
export { cutText } from "./text.js";
export * from "./transport.js";
export * from "./version.js";
