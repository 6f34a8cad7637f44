// Takes the settings from the card: reads, plans, writes. Whatever is on the card, the box gets settings it can start with.
// What a good card came to is kept, and plugjam-provision takes it as it is while nothing is new.

import { join } from "node:path";
import * as v from "valibot";
import { formatProblem, type Problem } from "../../src/config/problem.js";
import type { ConfigTrouble } from "../../src/core/config-trouble.js";
import {
  type Contents,
  type Disk,
  readIfThere,
  remove,
  replace,
  replaceAndWipe,
  replaceOnCard,
} from "./disk.js";
import { boxId, type Identity, isBox, isMac, shortId } from "./identity.js";
import { forgetOutcome, keepOutcome } from "./outcome.js";
import { type Box, type Output, type Plan, plan } from "./plan.js";
import { type CardFiles, csvName, readCard, tomlName } from "./read-card.js";
import { noSecrets, parseSecrets, type Secrets, writeSecrets } from "./secrets.js";

export interface Machine {
  /** "/" on a box. */
  readonly root: string;
  readonly disk: Disk;
  readonly now: Date;
  /** Names all that the outcome depends on, as `plugjam-provision` does; null: the outcome is not to be kept. */
  readonly inputs: string | null;
  /** Makes the card's partition writable, or not any more; gives why it cannot be, or null. */
  readonly remount: (how: "rw,sync" | "ro") => string | null;
  readonly pause: (ms: number) => void;
  /** One line for the log. */
  readonly say: (line: string) => void;
}

/** For a network card: after udev has loaded all drivers, one of which may still be at work; and in all. */
const restMs = 5_000;
const longestWaitMs = 30_000;
const pauseMs = 100;

/** It is there while udev has something to do. */
const udevQueue = "run/udev/queue";

const cardFolder = "boot/firmware";
const noteName = "this-box.txt";
const secretsFile = "data/secrets/card.json";
const lastGoodFile = "data/provision/last-good.json";
const problemsFile = "etc/plugjam/problems.json";

export function provision(machine: Machine): void {
  const { now, inputs } = machine;
  // A clock that was never set stands at some year gone by.
  const today = now.getFullYear() < 2026 ? null : now.toISOString().slice(0, 10);
  const forgotten = forget(machine);
  const card = readFiles(machine);
  const ids = "files" in card ? idsOn(card.files) : [];
  const { identity, waited } = identityFor(machine, ids);
  const box: Box = { identity, secrets: storedSecrets(machine), today };
  const { changed, settled } =
    "files" in card ? take(machine, card.files, box) : doWithout(machine, box, card.problems);
  const cardFiles = [...changed, ...noteFor(machine, identity)];
  writeCard(machine, cardFiles);
  // A network card may turn up later than `inputs` were looked at: where it matters, the card is read each time.
  const isWhole = !waited && !ids.some(isMac);
  if (settled !== null && cardFiles.length === 0 && forgotten && isWhole && inputs !== null)
    settle(machine, settled, inputs);
}

interface Taken {
  /** What is to become of the card's files. */
  readonly changed: readonly CardFile[];
  /** The next start comes to the same, if nothing happens before it; null: it does not, or has something to say again. */
  readonly settled: Plan | null;
}

/** Starts with these files if they are good, and keeps what they bring. */
function take(machine: Machine, files: CardFiles, box: Box): Taken {
  const asked = plan(files, box);
  if (!asked.ok) return doWithout(machine, box, asked.problems);
  const { secrets, card } = asked.plan;
  const isWritten = write(machine, asked.plan, null);
  const { changed, isKept } = keep(machine, asked.plan, box.secrets, files);
  const isSame =
    card.toml === files.toml && card.csv === files.csv && writeSecrets(secrets) === writeSecrets(box.secrets);
  return { changed, settled: isWritten && isKept && isSame ? asked.plan : null };
}

/** Starts with the settings that were good last time, or with none. The card stays as it is. */
function doWithout(machine: Machine, box: Box, problems: readonly Problem[]): Taken {
  const { say } = machine;
  for (const problem of problems) say(formatProblem(problem));
  const before = lastGood(machine);
  const again = before === null ? null : plan(before, box);
  if (again?.ok) {
    say("So the box starts with the settings it had before.");
    write(machine, again.plan, { instead: "last-good", problems });
    return { changed: [], settled: null };
  }
  say("So the box starts without settings.");
  const none = plan({ toml: "", csv: null }, box);
  if (!none.ok) throw new Error(`no settings at all are not good: ${none.problems.map(formatProblem)}`);
  write(machine, none.plan, { instead: "defaults", problems });
  return { changed: [], settled: null };
}

/** Before anything changes: else a card that is put back as it was would meet half of another's outcome. */
function forget({ root, disk, say }: Machine): boolean {
  return tried(() => forgetOutcome(disk, root), "What the card came to before cannot be forgotten", say);
}

function settle({ root, disk, say }: Machine, { outputs }: Plan, inputs: string): void {
  const files = outputs.flatMap((output) => {
    const contents = contentsOf(root, disk, output);
    return contents === null ? [] : [{ path: output.path, contents }];
  });
  tried(() => keepOutcome(disk, root, files, inputs), "What the card comes to cannot be kept", say);
}

interface Report {
  readonly instead: ConfigTrouble["instead"];
  readonly problems: readonly Problem[];
}

/** Gives whether all of it could be written. */
function write(machine: Machine, { outputs, hostName }: Plan, report: Report | null): boolean {
  const contents = report === null ? null : `${JSON.stringify(report)}\n`;
  const all = [...outputs, { path: problemsFile, contents, mode: 0o644 }];
  const refused = all.filter((output) => !writeOutput(machine, output));
  nameMachine(join(machine.root, "proc/sys/kernel/hostname"), hostName, machine.disk);
  return refused.length === 0;
}

/** For the display of a box that got no settings at all. */
export function reportBug({ root, disk }: Machine, error: unknown): void {
  const what = `is too much for this box: ${error instanceof Error ? error.message : error}`;
  const report: Report = {
    instead: "defaults",
    problems: [{ where: tomlName, key: null, what, allowed: null }],
  };
  replace(disk, join(root, problemsFile), { text: `${JSON.stringify(report)}\n`, mode: 0o644 });
}

/** Keeps what a good card brought; gives what may leave the card, for only what is kept for good is taken off it. */
function keep(
  machine: Machine,
  { secrets, card }: Plan,
  before: Secrets,
  files: CardFiles,
): { readonly changed: readonly CardFile[]; readonly isKept: boolean } {
  const { root, disk, say } = machine;
  const remember = () => {
    const folder = join(root, "data/secrets");
    disk.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (writeSecrets(secrets) !== writeSecrets(before))
      replace(disk, join(root, secretsFile), { text: writeSecrets(secrets), mode: 0o600 });
    replace(disk, join(root, lastGoodFile), { text: `${JSON.stringify(card)}\n`, mode: 0o600 });
  };
  if (!tried(remember, "The settings cannot be kept for the day on which the card's are damaged", say))
    return { changed: [], isKept: false };
  // The list's entries go over the other file's, so what they say must be there for as long as anything is.
  const changed: CardFile[] = [];
  if (card.toml !== files.toml) changed.push({ name: tomlName, text: card.toml, hadSecrets: true });
  if (card.csv !== null && card.csv !== files.csv)
    changed.push({ name: csvName, text: card.csv, hadSecrets: true });
  if (changed.length === 0 || outlastsPower(readIfThere(disk, join(root, "proc/self/mounts"))))
    return { changed, isKept: true };
  say("Passwords stay on the card: there is no data partition to move them to.");
  return { changed: [], isKept: true };
}

interface CardFile {
  readonly name: string;
  readonly text: string;
  readonly hadSecrets: boolean;
}

/** In this order. */
function writeCard(machine: Machine, files: readonly CardFile[]): void {
  const { root, disk, say } = machine;
  if (files.length === 0) return;
  const refusal = machine.remount("rw,sync");
  if (refusal !== null) {
    say(`The card cannot be written (${refusal}), so what is on it stays, passwords too.`);
    return;
  }
  const write = () => {
    for (const { name, text, hadSecrets } of files) {
      const path = join(root, cardFolder, name);
      if (hadSecrets) replaceAndWipe(disk, path, text);
      else replaceOnCard(disk, path, text);
    }
    if (files.some(({ hadSecrets }) => hadSecrets)) say("Passwords were moved off the card, into the box.");
  };
  tried(write, "The card cannot be written", say);
  machine.remount("ro");
}

/** Nobody finds these numbers on a Pi's board. */
function noteFor({ root, disk }: Machine, { serial, macs }: Identity): readonly CardFile[] {
  const numbers = [
    ...(serial === null ? [] : [`serial number ${serial}`]),
    ...macs.map((mac) => `MAC ${mac}`),
  ];
  if (numbers.length === 0) return [];
  const text = `The box that this card is in has the ${numbers.join(", and the ")}.\r\nEach of them names it in plugjam.toml and in boxes.csv.\r\n`;
  try {
    const written = readIfThere(disk, join(root, cardFolder, noteName));
    // A network card that it names may turn up later, as it did before.
    if (written !== null && numbers.every((number) => written.includes(number))) return [];
  } catch {
    // Then it is written anew.
  }
  return [{ name: noteName, text, hadSecrets: false }];
}

/** What a disk refuses is no reason not to start. */
function tried(what: () => void, trouble: string, say: Machine["say"]): boolean {
  try {
    what();
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    say(`${trouble}: ${code}.`);
    return false;
  }
}

/** Where there is no data partition, a file system in memory stands in for it. */
function outlastsPower(mounts: string | null): boolean {
  const data = (mounts ?? "")
    .split("\n")
    .map((line) => line.split(" "))
    .findLast(([, where]) => where === "/data");
  return data !== undefined && data[2] !== "tmpfs";
}

function readFiles({
  root,
  disk,
}: Machine): { readonly files: CardFiles } | { readonly problems: readonly Problem[] } {
  const fail = (where: string, what: string, allowed: string) => ({
    problems: [{ where, key: null, what, allowed }],
  });
  const path = (name: string) => join(root, cardFolder, name);
  try {
    const toml = readIfThere(disk, path(tomlName));
    if (toml !== null) return { files: { toml, csv: readIfThere(disk, path(csvName)) } };
    if (disk.existsSync(path(`${tomlName}.txt`)))
      return fail(`${tomlName}.txt`, "has one ending too many", tomlName);
    return fail(tomlName, "is not on the card", "a file of this name, not in a folder");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return fail(tomlName, `cannot be read (${code})`, "a card that is whole");
  }
}

function storedSecrets({ root, disk, say }: Machine): Secrets {
  try {
    const written = readIfThere(disk, join(root, secretsFile));
    if (written === null) return noSecrets;
    const secrets = parseSecrets(written);
    if (secrets === null) say(`${secretsFile} is damaged: write the passwords into ${tomlName} once more.`);
    return secrets ?? noSecrets;
  } catch (error) {
    say(`${secretsFile} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    return noSecrets;
  }
}

const kept = v.pipe(v.string(), v.parseJson(), v.object({ toml: v.string(), csv: v.nullable(v.string()) }));

function lastGood({ root, disk }: Machine): CardFiles | null {
  try {
    const parsed = v.safeParse(kept, readIfThere(disk, join(root, lastGoodFile)));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function writeOutput({ root, disk, say }: Machine, output: Output): boolean {
  const file = join(root, output.path);
  const write = () => {
    const contents = contentsOf(root, disk, output);
    if (contents === null) remove(disk, file);
    else replace(disk, file, contents);
  };
  return tried(write, `${output.path} cannot be written`, say);
}

function contentsOf(root: string, disk: Disk, { contents: text, mode, group }: Output): Contents | null {
  if (text === null) return null;
  const gid = group === undefined ? null : groupId(readIfThere(disk, join(root, "etc/group")), group);
  return { text, mode, ...(gid !== null && { gid }) };
}

function groupId(groups: string | null, name: string): number | null {
  const fields = (groups ?? "").split("\n").map((line) => line.split(":"));
  const id = fields.find(([group]) => group === name)?.[2];
  return id === undefined ? null : Number(id);
}

/** The kernel's file takes a write, and no other file in its place. */
function nameMachine(path: string, name: string, disk: Disk): void {
  if (!disk.existsSync(path)) return;
  const file = disk.openSync(path, "w");
  disk.writeSync(file, name);
  disk.closeSync(file);
}

/** Of the boxes that it names. */
function idsOn(files: CardFiles): readonly string[] {
  const card = readCard(files);
  return "value" in card ? card.value.entries.map(({ id }) => id) : [];
}

/**
 * Where a card names boxes by MAC, or the box has no serial number, network cards are waited for: their drivers find them in
 * their own time.
 */
function identityFor(
  machine: Machine,
  ids: readonly string[],
): { readonly identity: Identity; readonly waited: boolean } {
  let identity = identityOf(machine);
  const isFound = () =>
    shortId(identity) !== null && (ids.some((id) => isBox(id, identity)) || !ids.some(isMac));
  let waitedMs = 0;
  let restedMs = 0;
  while (!isFound() && restedMs < restMs && waitedMs < longestWaitMs) {
    machine.pause(pauseMs);
    waitedMs += pauseMs;
    if (!machine.disk.existsSync(join(machine.root, udevQueue))) restedMs += pauseMs;
    identity = identityOf(machine);
  }
  return { identity, waited: waitedMs > 0 };
}

function identityOf({ root, disk }: Machine): Identity {
  const read = (path: string) => {
    try {
      return readIfThere(disk, join(root, path));
    } catch {
      return null;
    }
  };
  const tree = "proc/device-tree";
  const text = (path: string) => (read(path) ?? "").replaceAll("\0", "");
  let cards: readonly string[] = [];
  try {
    cards = disk.readdirSync(join(root, "sys/class/net"));
  } catch {
    // No network at all.
  }
  const macs = cards.map((card) => boxId(text(`sys/class/net/${card}/address`)));
  // The Pi's firmware knows it before a driver does.
  for (const alias of ["ethernet0", "ethernet"]) {
    const place = text(`${tree}/aliases/${alias}`);
    if (place !== "") macs.push(boxId(hexOf(join(root, tree, place, "local-mac-address"), disk)));
  }
  const known = macs.filter((mac) => mac !== null && isMac(mac) && mac !== "000000000000");
  return { serial: boxId(text(`${tree}/serial-number`)), macs: [...new Set(known as string[])].sort() };
}

function hexOf(path: string, disk: Disk): string {
  try {
    return disk.readFileSync(path).toString("hex");
  } catch {
    return "";
  }
}
