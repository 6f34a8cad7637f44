// Whether what goes to a server is encrypted on its way: only where the system sends it into a WireGuard tunnel that lives.

import { BlockList, isIP, isIPv6 } from "node:net";
import * as v from "valibot";

/** A numeric address and a UDP port. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** Runs a command, given word by word, none with a blank in it; resolves with what it printed, or null if it failed. */
export type Run = (...words: readonly string[]) => Promise<string | null>;

/** WireGuard sends nothing under keys that are older, so a tunnel whose last handshake is older is dead. */
export const freshMs = 180_000;

/** How far in the future a handshake may seem to be: it is told in whole seconds. */
const roundingMs = 1_000;

/** By its number: its name is in /etc/protocols, which a small system lacks. */
const udp = "17";

/**
 * Asks the kernel for the route to the server, and WireGuard for the peer that this route ends at. It is encrypted up to
 * that peer, whoever that is. Whatever cannot be found out counts as not encrypted. `epochMs` is the time of day.
 */
export async function isEncrypted({ address, port }: Target, run: Run, epochMs = Date.now): Promise<boolean> {
  const route = await run("ip", "-j", "route", "get", address, "ipproto", udp, "dport", String(port));
  const device = route && deviceOf(route);
  if (!device) return false;
  const allowed = await ask(run, device, "allowed-ips");
  const peer = allowed && peerFor(address, allowed);
  if (!peer) return false;
  const handshakes = await ask(run, device, "latest-handshakes");
  return handshakes !== null && isFresh(handshakeMs(peer, handshakes), epochMs());
}

/** Where somebody who may ask WireGuard writes down what it says, for a box that may not. */
const published = "/run/plugjam-tunnel";

/** Null where the device is none of WireGuard's. What was written down is honest however old it is: handshakes age. */
async function ask(
  run: Run,
  device: string,
  what: "allowed-ips" | "latest-handshakes",
): Promise<string | null> {
  return (await run("wg", "show", device, what)) ?? run("cat", `${published}/${device}/${what}`);
}

const routes = v.pipe(v.string(), v.parseJson(), v.strictTuple([v.object({ dev: v.string() })]));

function deviceOf(route: string): string | null {
  const parsed = v.safeParse(routes, route);
  return parsed.success ? parsed.output[0].dev : null;
}

/** Of the peers that may have this address, the one with the longest prefix, as WireGuard chooses. */
function peerFor(address: string, allowed: string): string | null {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const candidates = rows(allowed).flatMap(([peer, ...networks]) =>
    networks.flatMap((network) => {
      const [base = "", length = ""] = network.split("/");
      if (isIP(base) !== isIP(address) || !/^\d+$/.test(length)) return [];
      const list = new BlockList();
      list.addSubnet(base, Number(length), family);
      return list.check(address, family) ? [{ peer, length: Number(length) }] : [];
    }),
  );
  candidates.sort((one, other) => other.length - one.length);
  return candidates[0]?.peer ?? null;
}

/** 0: there never was one. */
function handshakeMs(peer: string, handshakes: string): number {
  const seconds = rows(handshakes).find(([key]) => key === peer)?.[1];
  return Number(seconds ?? 0) * 1000;
}

function isFresh(handshake: number, now: number): boolean {
  const ageMs = now - handshake;
  return handshake > 0 && ageMs <= freshMs && ageMs >= -roundingMs;
}

/** `wg` prints a line for each peer, its key first. */
function rows(printed: string): string[][] {
  return printed.split("\n").flatMap((line) => (line === "" ? [] : [line.split(/\s+/)]));
}
