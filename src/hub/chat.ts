// Chat as a server relays it: the writer's words with their markup made harmless, behind her name (spec 6.7).

import { cutText, textLimits } from "../protocol/index.js";

const colours = ["mediumblue", "red", "darkorchid", "green", "maroon", "coral"];

/** Clients look for this very text to show their chat window. */
const welcomePrefix = "<b>Server Welcome Message:</b> ";
const maxWelcomeUnits = 1600;

const escapes: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };

/** `timeOfDay`: see `timeOfDay`. A line that would get too long for its receivers ends early. */
export function relayedChat(slot: number, name: string, text: string, timeOfDay: string): string {
  const head = `<font color="${colours[slot % colours.length]}">(${timeOfDay}) <b>${escaped(name)}</b></font> `;
  return head + escaped(text, textLimits.chat - head.length);
}

/** The operator's text, markup and all; null: there is none. */
export function welcomeChat(welcome: string): string | null {
  return welcome === "" ? null : welcomePrefix + welcomeText(welcome);
}

export function welcomeText(welcome: string): string {
  return cutText(welcome, maxWelcomeUnits);
}

/** Twelve hours, as Jamulus shows them: "10:02:28 PM". */
export function timeOfDay(date: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const hour = date.getHours() % 12 || 12;
  const half = date.getHours() < 12 ? "AM" : "PM";
  return `${two(hour)}:${two(date.getMinutes())}:${two(date.getSeconds())} ${half}`;
}

/** As many whole characters as fit into `maxUnits` once they are escaped. */
function escaped(text: string, maxUnits = Number.POSITIVE_INFINITY): string {
  let result = "";
  for (const letter of text) {
    const safe = escapes[letter] ?? letter;
    if (result.length + safe.length > maxUnits) break;
    result += safe;
  }
  return result;
}
