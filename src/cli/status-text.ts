// The status of a box in a few lines for a person.

import type { AudioStatus, ConnectionStatus, Status } from "../core/status.js";
import type { HubStatus } from "../hub/hub-status.js";

type Row = readonly [name: string, text: string];

export function statusText(status: Status): string {
  const rows = [...(status.role === "hub" ? [] : boxRows(status)), ...hubRows(status)];
  return rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join("\n");
}

function boxRows({ connection, privacy, muted, audio }: Status): Row[] {
  return [
    ["Connection", connectionText(connection)],
    ["Recording", privacy.recording],
    ["Muted", muted.on ? `yes, by ${muted.by.join(" and ")}` : "no"],
    ["Sound card", cardText(audio)],
    ["Delay", delayText(connection)],
    ["Xruns", String(audio.xruns)],
    ["Network", `${audio.concealed} concealed, ${audio.late} late, ${audio.lost} lost`],
  ];
}

/** A hub's own panel and these rows say the same of its recorder. */
function hubRows({ hub }: Status): Row[] {
  if (hub === null) return [];
  const { state, trouble, clients, port, recording, writing, recorderTrouble } = hub as HubStatus;
  const place = state === "up" ? `up, ${clients.length} here, port ${port}` : (trouble ?? state);
  const waits = { unavailable: "no", off: "no", announcing: "soon", on: "as soon as somebody plays" };
  const records = writing ? "yes" : waits[recording];
  return [
    ["Hub", place],
    ["Hub records", recorderTrouble === null ? records : `${records}: ${recorderTrouble}`],
  ];
}

function connectionText({ state, server, clients, reason }: ConnectionStatus): string {
  const place = server === null ? "" : ` ${server.name}`;
  switch (state) {
    case "idle":
      return reason === null ? "none" : `none: ${reason}`;
    case "connecting":
      return `connecting to${place}`;
    case "connected":
      return `on${place}, ${clients.length} ${clients.length === 1 ? "musician" : "musicians"}`;
    case "waiting":
      return `waiting for${place}: ${reason ?? "it does not answer"}`;
    case "leaving":
      return `leaving${place}`;
  }
}

function cardText({ state, device, note, periodFrames, periods }: AudioStatus): string {
  if (state === "failed") return note ?? "failed";
  if (state !== "running") return state;
  const card = `${device}, ${periods} periods of ${periodFrames} frames`;
  return note === null ? card : `${card} (${note})`;
}

function delayText({ delayMs, pingMs }: ConnectionStatus): string {
  if (delayMs === null) return "unknown";
  const whole = `${Math.round(delayMs)} ms`;
  return pingMs === null ? whole : `${whole}, of which ${Math.round(pingMs)} ms are the network's`;
}
