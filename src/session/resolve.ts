// From a server's written address to the one numeric address and port it means (spec 4.1).

import { lookup, resolveSrv } from "node:dns/promises";
import { isIPv4, isIPv6 } from "node:net";
import type { Endpoint } from "../audio/engine.js";
import { isThisMachine, parseServerAddress } from "../lib/server-address.js";
import { defaultPort } from "../protocol/index.js";

export type Resolution =
  | { readonly found: true; readonly endpoint: Endpoint }
  | { readonly found: false; readonly host: string };

/** The parts of node:dns that are used; each may reject. */
export interface Resolvers {
  /** The address that a name stands for, as the system's own order of IPv4 and IPv6 has it. */
  lookup(host: string): Promise<{ readonly address: string }>;
  resolveSrv(name: string): Promise<readonly { readonly name: string; readonly port: number }[]>;
}

/** A look-up that got lost asks again after 1 s instead of 5: a box waits for the answer (resolv.conf(5)). */
process.env.RES_OPTIONS ??= "timeout:1 attempts:2";

const systemResolvers: Resolvers = { lookup, resolveSrv };

/** How long a name's SRV record may take to come. */
const srvWaitMs = 500;

/** Never rejects: whatever goes wrong, the server was not found. */
export async function resolveServer(
  address: string,
  resolvers: Resolvers = systemResolvers,
  waitMs = srvWaitMs,
): Promise<Resolution> {
  const parsed = parseServerAddress(address.replace(/\s/g, ""));
  if (parsed === null) return { found: false, host: address };
  const { host, port } = parsed;
  const notFound: Resolution = { found: false, host };
  if (isIPv4(host) || isIPv6(host)) return found(host, port ?? defaultPort);

  const service = port === null && mayHaveService(host) ? await findService(host, resolvers, waitMs) : null;
  if (service?.name === "") return notFound;
  const { name, port: at } = service ?? { name: host, port: port ?? defaultPort };
  try {
    return found((await resolvers.lookup(name)).address, at);
  } catch {
    return notFound;
  }
}

/** Whether finding this address takes a question to somebody on the network, who then knows for whom the box looks. */
export function asksNameService(address: string): boolean {
  const host = parseServerAddress(address.replace(/\s/g, ""))?.host ?? "localhost";
  return !isIPv4(host) && !isIPv6(host) && !isThisMachine(host);
}

/** Names of this machine and of the local network are unknown to the domain name service; asking would only take time. */
function mayHaveService(host: string): boolean {
  return !isThisMachine(host) && !/\.local\.?$/i.test(host);
}

/** The one SRV record of a host; its name is "" where the record says that there is no such service. */
async function findService(
  host: string,
  resolvers: Resolvers,
  waitMs: number,
): Promise<{ name: string; port: number } | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<readonly []>((done) => {
    timer = setTimeout(() => done([]), waitMs);
  });
  try {
    const records = await Promise.race([resolvers.resolveSrv(`_jamulus._udp.${host}`), tooLate]);
    const [record] = records;
    if (record === undefined || records.length !== 1) return null;
    const name = record.name.replace(/\.$/, "");
    // Nobody can be reached at port 0; where there is no service, none is named.
    return record.port === 0 && name !== "" ? null : { name, port: record.port };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function found(address: string, port: number): Resolution {
  return { found: true, endpoint: { address: canonical(address), port } };
}

/** An address as the engine spells it: IPv6 in its shortest form, IPv4 inside IPv6 as plain IPv4. */
function canonical(address: string): string {
  // A zone, as in fe80::1%eth0, has no place in a URL and stays as it is.
  if (isIPv4(address) || address.includes("%")) return address;
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
