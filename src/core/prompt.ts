// What the voice in the headphones may say. The words, in each language, belong to `panel/voice`.

/** What a prompt is about: one that still waits to be spoken is made stale by a newer one of its topic. */
export const topics = ["link", "server", "recording", "licence", "mute", "power"] as const;
export type PromptTopic = (typeof topics)[number];

export const promptTopics = {
  /** In the session; what you play can be heard, unless you are muted. */
  connected: "link",
  /** Left, because somebody here asked for it. */
  left: "link",
  /** The session ended, and nobody here asked for it; the box tries again. */
  "connection-lost": "link",
  /** The first attempt to join failed; the box tries again. */
  "not-connected": "link",
  /** The same, because the server is full. */
  "server-full": "link",
  /** The next server of the list is chosen; the display names it. */
  "next-server": "server",
  /** The server says, for the first time in this session, that it does not record. Others still may. */
  "recording-off": "recording",
  /** It was recording already when it told us first; its operator keeps what you play. */
  "recording-on": "recording",
  "recording-started": "recording",
  "recording-stopped": "recording",
  /** It was known whether the server records, and is no longer. */
  "recording-unknown": "recording",
  /** It was recording already, and you are muted until you press MUTE. */
  "recording-on-muted": "recording",
  /** Recording has started, and you are muted until you press MUTE. */
  "recording-started-muted": "recording",
  /** The server records, and this box does not play where somebody does: it has left or did not join. */
  "recording-refused": "recording",
  /** The server asks you to agree to its licence; you are muted until you press MUTE. */
  licence: "licence",
  /** Nothing you play leaves the box. */
  muted: "mute",
  /** A question stays open, or is asked again: you are muted until you press MUTE. */
  "still-muted": "mute",
  /** What you play leaves the box again. */
  unmuted: "mute",
  /** The box shuts down; wait, then pull the plug. */
  "shutting-down": "power",
} as const satisfies Record<string, PromptTopic>;

export type Prompt = keyof typeof promptTopics;

export const prompts = Object.keys(promptTopics) as readonly Prompt[];
