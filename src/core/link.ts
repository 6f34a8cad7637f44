// What it means to a session that this machine has no network.

import { isThisMachine, parseServerAddress } from "../lib/server-address.js";
import type { Server, State } from "./state.js";

export const noNetworkText = "No network. Check the cable or the Wi-Fi.";

/** The server cannot be reached, whatever it does. One on this very machine can. */
export function isCutOff({ link }: State, { address }: Server): boolean {
  return link === "down" && !isThisMachine(parseServerAddress(address)?.host ?? "");
}
