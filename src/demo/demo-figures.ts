// What the demo shows beside the panel, and its last word, out of the status of the box.

import type { Status } from "../core/status.js";
import type { Figures } from "../panel/figures.js";

export function figuresOf({ connection, audio }: Status): Figures {
  const { delayMs, pingMs, clients, state } = connection;
  const { jitterBlocks, concealed, lost, xruns, levels } = audio;
  const musicians = clients.map((client) => client.name || "(no name)");
  return { connection: state, musicians, delayMs, pingMs, jitterBlocks, concealed, lost, xruns, levels };
}

export function summaryOf({ connection, audio }: Status): string {
  const delay = connection.delayMs === null ? "unknown" : `${Math.round(connection.delayMs)} ms`;
  const { decoded, concealed, xruns } = audio;
  return `decoded ${decoded} blocks, concealed ${concealed}, xruns ${xruns}, delay ${delay}`;
}
