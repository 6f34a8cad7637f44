// Whether anybody plays: an update waits for as long as somebody does.

import type { Status } from "../../src/core/status.js";
import type { Layout } from "./layout.js";
import type { Machine } from "./machine.js";

/** What a hub tells of itself that matters here (`src/hub/hub-status.ts`). */
interface HubUse {
  readonly clients: readonly unknown[];
  readonly writing: boolean;
}

/** Null: nobody. Else why an update has to wait. */
export async function inUse(machine: Machine, { socket }: Pick<Layout, "socket">): Promise<string | null> {
  const status = await machine.boxStatus(socket);
  if (status !== null) return useOf(status);
  // A box that keeps crashing needs its update. One that runs and does not answer may be playing for all we know.
  const { isActive } = await machine.service();
  return isActive
    ? "The box does not say whether it is connected: switch it off and on, then try again."
    : null;
}

function useOf({ connection, hub }: Status): string | null {
  if (connection.state !== "idle") return "The box is connected: press CONNECT to leave, then try again.";
  const use = hub as HubUse | null;
  if (use?.writing) return "The hub is recording: stop it, then try again.";
  if (use && use.clients.length > 0) return "Musicians are on the hub: try again when they have left.";
  return null;
}
