// What the voice says for each prompt. Short, since music is going on; the display has room for more.

import type { Prompt } from "../../core/prompt.js";

export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

export const words: Readonly<Record<Language, Readonly<Record<Prompt, string>>>> = {
  en: {
    connected: "Connected.",
    left: "You have left the server.",
    "connection-lost": "Connection lost. Trying again.",
    "not-connected": "No connection. Trying again.",
    "server-full": "The server is full. Trying again.",
    "next-server": "Next server.",
    "recording-off": "The server says it is not recording.",
    "recording-on": "This server is recording.",
    "recording-started": "Recording has started.",
    "recording-stopped": "Recording has stopped.",
    "recording-unknown": "It is no longer known whether the server records.",
    "recording-on-muted": "This server is recording. You are muted until you press mute.",
    "recording-started-muted": "Recording has started. You are muted until you press mute.",
    "recording-refused": "This server records. You are not connected.",
    licence: "This server has a licence. Press mute to agree. Until then, you are muted.",
    muted: "You are muted.",
    "still-muted": "You are muted until you press mute.",
    unmuted: "You are no longer muted.",
    "shutting-down": "Shutting down. Wait before you pull the plug.",
  },
  // The MUTE button by a German name: the voice would read the English one in German.
  de: {
    connected: "Verbunden.",
    left: "Du hast den Server verlassen.",
    "connection-lost": "Verbindung verloren. Neuer Versuch.",
    "not-connected": "Keine Verbindung. Neuer Versuch.",
    "server-full": "Der Server ist voll. Neuer Versuch.",
    "next-server": "Nächster Server.",
    "recording-off": "Der Server sagt, dass er nicht aufnimmt.",
    "recording-on": "Dieser Server nimmt auf.",
    "recording-started": "Die Aufnahme hat begonnen.",
    "recording-stopped": "Die Aufnahme ist beendet.",
    "recording-unknown": "Ob der Server aufnimmt, ist nicht mehr bekannt.",
    "recording-on-muted": "Dieser Server nimmt auf. Du bist stumm, bis du die Stummtaste drückst.",
    "recording-started-muted": "Die Aufnahme hat begonnen. Du bist stumm, bis du die Stummtaste drückst.",
    "recording-refused": "Dieser Server nimmt auf. Du bist nicht verbunden.",
    licence: "Dieser Server hat eine Lizenz. Mit der Stummtaste stimmst du zu. Bis dahin bist du stumm.",
    muted: "Du bist stumm.",
    "still-muted": "Du bist stumm, bis du die Stummtaste drückst.",
    unmuted: "Du bist nicht mehr stumm.",
    "shutting-down": "Die Box schaltet sich ab. Warte, bevor du den Stecker ziehst.",
  },
};
