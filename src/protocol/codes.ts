// The small enumerations of the protocol, by their position (spec appendix C, 2.3).

/** Index: `os` of VERSION_AND_OS. */
export const operatingSystems = ["Windows", "macOS", "Linux", "Android", "iOS", "Unix"] as const;

/** Index: `state` of RECORDER_STATE; 0 never travels. */
export const recorderStates = ["undefined", "not-initialised", "not-enabled", "recording"] as const;

/** Index: `result` of CLM_REGISTER_SERVER_RESP. */
export const registrationResults = [
  "registered",
  "list-full",
  "version-too-old",
  "requirements-not-fulfilled",
] as const;

/** Bits of CLM_SERVER_FEATURES. */
export const serverFeatures = {
  smallBlocks: 1 << 0,
  multithreading: 1 << 1,
  recordingPossible: 1 << 2,
  recordingEnabled: 1 << 3,
  delayPanning: 1 << 4,
  ipv6: 1 << 5,
  rawAudio: 1 << 6,
  disconnectsOnQuit: 1 << 7,
  welcomeText: 1 << 8,
  logFile: 1 << 9,
  licence: 1 << 10,
} as const;

/** The value of JITT_BUF_SIZE that means automatic. */
export const automaticJitterBuffer = 21;

/** The server's default UDP port. */
export const defaultPort = 22124;
