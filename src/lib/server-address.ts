// How a server is written down: "host", "host:port", "[v6]:port", "[v6]"; or by the directory that lists it.

import { isIPv4, isIPv6 } from "node:net";

export interface ServerAddress {
  /** A name or a numeric address, without brackets. */
  readonly host: string;
  /** null: none was named, so an SRV record or the default port decides. */
  readonly port: number | null;
}

/** Reads a server's address; null if it is none. Looks nothing up. */
export function parseServerAddress(text: string): ServerAddress | null {
  const match = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]]+))(?::(?<port>\d{1,5}))?$/.exec(text);
  if (!match?.groups) return null;
  const { v6, name, port: digits } = match.groups;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65535)) return null;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : null;
  return name !== undefined && isHost(name) ? { host: name, port } : null;
}

/** A numeric address and a port as `parseServerAddress` reads them. */
export function writeServerAddress(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether a host, as `parseServerAddress` gives it, is this very machine. */
export function isThisMachine(host: string): boolean {
  if (isIPv4(host)) return host.startsWith("127.");
  return host === "::1" || /(?:^|\.)localhost\.?$/i.test(host);
}

const inDirectory = /^directory:(?!\/\/)/i;

/** "directory:" and the directory's address, which this gives; null: the text is a server's own address. */
export function directoryOf(text: string): string | null {
  return inDirectory.test(text) ? text.replace(inDirectory, "").trim() : null;
}

function isHost(name: string): boolean {
  // Four numbers with a mistake in them are no name.
  if (/^[\d.]+$/.test(name)) return isIPv4(name);
  const labels = name.replace(/\.$/, "").split(".");
  return name.length <= 253 && labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(label));
}
