// The kinds of value a configuration key may have. Each schema's message says what is allowed.

import { isIP, isIPv4 } from "node:net";
import * as v from "valibot";
import { directoryOf, parseServerAddress } from "../lib/server-address.js";
import { findCountry, instrumentCode, instrumentName } from "../protocol/index.js";

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(...words: Words) {
  return v.picklist(words, words.map((word) => JSON.stringify(word)).join(", "));
}

/** Text on one line, of at most `maxUnits` UTF-16 code units. */
export function text(maxUnits: number) {
  const allowed = `text of at most ${maxUnits} characters on one line`;
  return v.pipe(
    v.string(allowed),
    v.check((value) => !/\p{Cc}/u.test(value), allowed),
    v.maxLength(maxUnits, allowed),
  );
}

/** Text that may have several lines. */
export function longText(maxUnits: number) {
  const allowed = `text of at most ${maxUnits} characters`;
  return v.pipe(v.string(allowed), v.maxLength(maxUnits, allowed));
}

export function switchable() {
  return v.boolean("true, false");
}

export function number(min: number, max: number) {
  const allowed = `a number from ${min} to ${max}`;
  return v.pipe(v.number(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}

export function wholeNumber(min: number, max: number, allowed = `a whole number from ${min} to ${max}`) {
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}

export function autoOrWholeNumber(min: number, max: number) {
  const allowed = `"auto", a whole number from ${min} to ${max}`;
  return v.union([v.literal("auto"), wholeNumber(min, max, allowed)], allowed);
}

/** A name that must be there, such as a device or a file. `maxBytes` counts its UTF-8. */
export function nonEmpty(maxBytes: number, allowed: string) {
  return v.pipe(
    v.string(allowed),
    v.nonEmpty(allowed),
    v.maxBytes(maxBytes, allowed),
    v.check((value) => !/\p{Cc}/u.test(value), allowed),
  );
}

/** Of a server: its own, or that of the directory that lists it by its name. */
export function serverOrDirectory() {
  const allowed = '"host", "host:port", "[v6]:port", or one of these after "directory:"';
  return v.pipe(
    v.string(allowed),
    v.check((value) => parseServerAddress(directoryOf(value) ?? value) !== null, allowed),
  );
}

export function serverAddress() {
  const allowed = '"host", "host:port", "[v6]:port"';
  return v.pipe(
    v.string(allowed),
    v.check((value) => parseServerAddress(value) !== null, allowed),
  );
}

/** An address of our own, which is not looked up, and the port to listen on. */
export function listenAddress() {
  const allowed = '"address:port", "[v6]:port", the address in numbers, such as "127.0.0.1:22124"';
  return v.pipe(
    v.string(allowed),
    v.check((value) => {
      const address = parseServerAddress(value);
      return address !== null && address.port !== null && isIP(address.host) !== 0;
    }, allowed),
  );
}

/** An address, or a network of addresses by the number of its leading bits. */
export function network() {
  const allowed = '"address", "address/bits"';
  return v.pipe(v.string(allowed), v.check(isNetwork, allowed));
}

function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  if (isIP(address) === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}

/** A name of the protocol's table, in any case, or a code; gives the code (spec appendix A). */
export function instrument() {
  const allowed = `a number from 0 to 255, "", ${allInstruments().join(", ")}`;
  return v.union(
    [wholeNumber(0, 255, allowed), codeOf(allowed, (name) => (name === "" ? 0 : instrumentCode(name)))],
    allowed,
  );
}

/** Two letters in any case, or nothing; gives the wire code (spec appendix B). */
export function country() {
  const allowed = 'a two-letter country code, ""';
  return codeOf(allowed, (iso) => {
    if (iso === "") return 0;
    return iso.length === 2 ? findCountry(iso)?.code : undefined;
  });
}

const skills = ["", "beginner", "intermediate", "professional"] as const;

/** A skill's name; gives its code (spec appendix C). */
export function skill() {
  return v.pipe(
    oneOf(...skills),
    v.transform((name) => skills.indexOf(name)),
  );
}

function codeOf(allowed: string, find: (name: string) => number | undefined) {
  return v.pipe(
    v.string(allowed),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const code = find(dataset.value);
      if (code !== undefined) return code;
      addIssue({ message: allowed });
      return NEVER;
    }),
  );
}

function allInstruments(): string[] {
  const names: string[] = [];
  for (let code = 1, name = instrumentName(code); name !== undefined; name = instrumentName(++code)) {
    names.push(JSON.stringify(name));
  }
  return names;
}
