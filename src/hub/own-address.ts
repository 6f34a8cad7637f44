// Which of this machine's addresses a peer would see us come from; nothing is sent to find out.

import { createSocket } from "node:dgram";
import { isIPv4 } from "node:net";
import type { Endpoint } from "../audio/engine.js";

/** IPv4, dotted; "" where there is none, or no way to the peer. Never rejects. */
export function ownAddressTowards(peer: Endpoint): Promise<string> {
  if (!isIPv4(peer.address)) return Promise.resolve("");
  return new Promise((found) => {
    const socket = createSocket("udp4");
    const done = (address: string) => {
      socket.removeAllListeners();
      socket.close();
      found(address);
    };
    socket.once("error", () => done(""));
    // A connected UDP socket has asked the routing table, and nobody else.
    socket.connect(peer.port, peer.address, () => done(socket.address().address));
  });
}
