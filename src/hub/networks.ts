// Which network an address belongs to, and whether that network is one of our own.

import { BlockList, isIPv4 } from "node:net";
import type { Endpoint } from "../audio/engine.js";

/** Networks that reach no further than a building or a private tunnel (RFC 1918, 3927, 4193, 4291). */
const ownNetworks = networks([
  "10.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
]);

/** Private, link-local or loopback. */
export function isPrivate(address: string): boolean {
  return contains(ownNetworks, address);
}

/** A list of networks, each "address" or "address/bits". Throws on one that is neither. */
export function networks(list: readonly string[]): BlockList {
  const blocks = new BlockList();
  for (const network of list) {
    const [address = "", bits] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    blocks.addSubnet(address, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  }
  return blocks;
}

export function contains(list: BlockList, address: string): boolean {
  return list.check(withoutZone(address), isIPv4(address) ? "ipv4" : "ipv6");
}

/** What one subscriber usually holds: the first 24 bits of IPv4, the first 64 of IPv6. Only a key, to be compared. */
export function networkOf(address: string): string {
  if (isIPv4(address)) return address.slice(0, address.lastIndexOf("."));
  const [head = "", tail] = withoutZone(address).split("::");
  const groups = head === "" ? [] : head.split(":");
  if (tail !== undefined) {
    const missing = 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
    for (let i = 0; i < missing; i += 1) groups.push("0");
    if (tail !== "") groups.push(...tail.split(":"));
  }
  return groups.slice(0, 4).join(":");
}

/** One key for one end of a conversation. */
export function endpointKey({ address, port }: Endpoint): string {
  return `${address}|${port}`;
}

function withoutZone(address: string): string {
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}
