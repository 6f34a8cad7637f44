// What a server's markup says, as plain text that is safe to show on a display, in a terminal or in a log.

import { cutText } from "../protocol/index.js";

/** Longest plain text that leaves here, in UTF-16 code units: what the protocol lets a musician write. */
export const maxPlainUnits = 1600;

const welcomePrefix = "<b>Server Welcome Message:</b> ";

/** How a server relays what a musician wrote: colour, time of day, name, text (spec 6.7). */
const relayed = /^<font color="[^"<>]*">\([^()<>]*\) <b>([^<>]*)<\/b><\/font> ?(.*)$/s;

const markup = /<[a-z/!?][^<>]*>|&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,6});/gi;
const breaksLine = /^<\/?(?:br|p|div|li|tr|h[1-6])\b/i;

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** A chat text as it came: the server's welcome, without its prefix, or a line of chat as "NAME: TEXT". */
export function readChat(text: string): { readonly kind: "welcome" | "chat"; readonly text: string } {
  if (text.startsWith(welcomePrefix))
    return { kind: "welcome", text: plainText(text.slice(welcomePrefix.length)) };
  const [, name, words] = relayed.exec(text) ?? [];
  if (name === undefined || words === undefined) return { kind: "chat", text: plainText(text) };
  return { kind: "chat", text: printable(`${plainText(name)}: ${plainText(words)}`) };
}

/**
 * Markup without its tags, entities decoded, in one pass: what an entity spells is text and never becomes a tag. One
 * line, at most `maxPlainUnits` long.
 */
export function plainText(text: string): string {
  return printable(text.replace(markup, (found) => (found.startsWith("<") ? tag(found) : entity(found))));
}

/** One line without control characters, nor those that turn the direction of writing, nor halves of characters. */
export function printable(text: string): string {
  const line = text
    .replace(/[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\p{Cs}/gu, "")
    .replace(/[\s\p{Cc}]+/gu, " ");
  return cutText(line.trim(), maxPlainUnits);
}

function tag(found: string): string {
  return breaksLine.test(found) ? " " : "";
}

function entity(found: string): string {
  const name = found.slice(1, -1).toLowerCase();
  if (!name.startsWith("#")) return entities[name] ?? found;
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}
