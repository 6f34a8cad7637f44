// Ports on loopback that nobody uses at the moment of asking.

import { once } from "node:events";
import { createServer } from "node:net";

export { freePort as freeUdpPort } from "../../src/demo/free-port.js";

export async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no TCP port");
  return address.port;
}
