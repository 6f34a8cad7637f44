// What a hub tells of itself: to its control socket, its page and its panel. Names, never addresses.

import type { Mixer, MixerCounters } from "../audio/mixer.js";
import { instrumentName, isRaw } from "../protocol/index.js";
import { provenClients } from "./clients.js";
import type { HallCounters } from "./hall.js";
import type { Client, Recording, State } from "./machine-types.js";
import type { ReceptionCounters } from "./reception.js";
import type { RegistrationStatus } from "./registrations.js";

export interface HubClientStatus {
  /** The protocol's channel ID. */
  readonly id: number;
  /** Empty until the client has introduced itself. */
  readonly name: string;
  readonly instrument: string;
  readonly city: string;
  /** Null: not announced yet. */
  readonly format: {
    readonly blockFrames: 64 | 128;
    readonly channels: 1 | 2;
    readonly blockBytes: number;
    readonly blocksPerPacket: 1 | 2 | 4;
    readonly raw: boolean;
  } | null;
  readonly jitterBlocks: number;
  /** 0 to 9 (spec 6.5). */
  readonly level: number;
  readonly concealed: number;
  readonly hereForMs: number;
  /** Its frames are written. */
  readonly recorded: boolean;
}

export interface HubStatus {
  readonly state: "off" | "up" | "failed";
  /** Why it is not up, else null. */
  readonly trouble: string | null;
  readonly name: string;
  readonly version: string;
  /** The UDP port; null while it is not up. */
  readonly port: number | null;
  readonly public: boolean;
  readonly maxClients: number;
  readonly clients: readonly HubClientStatus[];
  readonly recording: Recording["kind"];
  /** Frames are being written now. */
  readonly writing: boolean;
  readonly recorderTrouble: string | null;
  /** Servers listed, without the directory itself; null: this hub is no directory. */
  readonly listed: number | null;
  readonly registrations: readonly RegistrationStatus[];
  readonly counters: {
    readonly mixer: MixerCounters | null;
    readonly clients: HallCounters | null;
    readonly strangers: ReceptionCounters | null;
    /** Datagrams from networks that this hub does not serve. */
    readonly refused: number;
  };
}

export function clientStatuses(state: State, mixer: Mixer, nowMs: number): HubClientStatus[] {
  return provenClients(state).map((client) => clientStatus(client, mixer, nowMs));
}

function clientStatus(client: Client, mixer: Mixer, nowMs: number): HubClientStatus {
  const { slot, profile, format, jitterBlocks, sinceMs, recorded } = client;
  const { level, concealed } = mixer.clientCounters(slot);
  return {
    id: slot,
    name: profile?.name ?? "",
    instrument: instrumentName(profile?.instrument ?? 0) ?? "",
    city: profile?.city ?? "",
    format: format && {
      blockFrames: format.blockFrames,
      channels: format.channels,
      blockBytes: format.blockBytes,
      blocksPerPacket: format.blocksPerPacket,
      raw: isRaw(format),
    },
    jitterBlocks,
    level,
    concealed,
    hereForMs: Math.round(nowMs - sinceMs),
    recorded,
  };
}
