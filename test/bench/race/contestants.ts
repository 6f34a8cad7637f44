// Who races: our box, Jamulus on JACK, JackTrip on JACK, each started the same way on a virtual card.

import type { AudioStatus } from "../../../src/core/status.js";
import { TestBox } from "../../support/box.js";
import { freeUdpPort } from "../../support/free-port.js";
import { type JackServer, startJack } from "../../support/jack.js";
import { startJamulusClient } from "../../support/jamulus.js";
import { launch, type TestProcess } from "../../support/process.js";
import { makeRealtime } from "../../support/realtime.js";
import { until } from "../../support/until.js";
import type { VirtualCard } from "../../support/virtual-card.js";

/** Both cards and blocks; what all are set to. */
export const periodFrames = 64;
export const periods = 2;

export interface Playing {
  /** What a musician has to run: their cost is what is counted. */
  readonly processes: readonly TestProcess[];
  /** Blocks made up so far, where somebody tells. */
  concealed(): Promise<number | null>;
  /** All that our box tells of its sound; others do not. */
  audio?(): Promise<AudioStatus>;
  stop(): Promise<void>;
}

export interface Contestant {
  readonly name: string;
  /** Ready when this resolves: it plays, or is about to. */
  start(server: { readonly port: number }, card: VirtualCard): Promise<Playing>;
}

export interface BoxSettings {
  readonly quality?: "high" | "raw";
  /** Frames, or the smallest that card and machine hold. */
  readonly period?: number | "auto";
  /** Blocks, here and at the server. */
  readonly jitter?: number | "auto";
}

export function boxConfig(
  server: { readonly port: number },
  card: VirtualCard,
  { quality = "high", period = periodFrames, jitter = "auto" }: BoxSettings,
): string {
  return `
    [profile]
    name = "Racer"
    [[server]]
    address = "127.0.0.1:${server.port}"
    [audio]
    device = "${card.device}"
    period = ${JSON.stringify(period)}
    periods = ${periods}
    channels = "stereo"
    quality = "${quality}"
    jitter = ${JSON.stringify(jitter)}
    [panel]
    voice = false
  `;
}

export function ours(name: string, settings: BoxSettings = {}): Contestant {
  return {
    name,
    async start(server, card) {
      const config = boxConfig(server, card, settings);
      const box = await TestBox.start({ config, env: card.env });
      await box.reaches("on its card", ({ audio }) => audio.state === "running");
      await box.press("connect");
      await box.plays();
      return {
        processes: [box.process],
        concealed: async () => (await box.status()).audio.concealed,
        audio: async () => (await box.status()).audio,
        stop: async () => void (await box.stop()),
      };
    },
  };
}

/** Stereo, high, small blocks, all else as Debian's Jamulus comes; a jitter buffer of so many blocks here and there. */
export function jamulus(name: string, jitter: number | "auto" = "auto"): Contestant {
  return {
    name,
    async start(server, card) {
      const jack = await startJack({ card, periodFrames, periods });
      const client = await startJamulusOn(jack, server, jitter);
      return {
        processes: [jack.process, client.process],
        concealed: () => Promise.resolve(null),
        async stop() {
          await client.stop();
          await jack.stop();
        },
      };
    },
  };
}

export function startJamulusOn(
  jack: JackServer,
  server: { readonly port: number },
  jitterBlocks: number | "auto" = "auto",
) {
  const [audioChannels, audioQuality] = [2, 2] as const;
  return startJamulusClient({
    server,
    jack,
    name: "Racer",
    audioChannels,
    audioQuality,
    smallBlocks: true,
    jitterBlocks,
  });
}

/** Uncompressed 16 bits with the queue of 4 that it comes with, to a peer on whose JACK all is sent back. */
export function jackTrip(name: string): Contestant {
  return {
    name,
    async start(_server, card) {
      const far = await startJack({ periodFrames });
      const [farPort, nearPort] = [await freeUdpPort(), await freeUdpPort()];
      const ports = (bind: number, peer: number) => ["-n", "2", "-B", String(bind), "-P", String(peer)];
      const peer = launch("jacktrip", ["-s", "-D", ...ports(farPort, nearPort)], { env: far.env });
      const jack = await startJack({ card, periodFrames, periods });
      const client = launch("jacktrip", ["-c", "127.0.0.1", ...ports(nearPort, farPort)], { env: jack.env });
      for (const side of [1, 2]) await connect(far, `JackTrip:receive_${side}`, `JackTrip:send_${side}`);
      for (const each of [far.process, peer]) makeRealtime(each);
      return {
        processes: [jack.process, client],
        concealed: () => Promise.resolve(null),
        async stop() {
          for (const each of [client, jack, peer, far]) await each.stop();
        },
      };
    },
  };
}

/** As soon as there are such ports. */
function connect({ env }: JackServer, from: string, to: string): Promise<true> {
  return until(
    `${from} to be connected to ${to}`,
    async () => (await launch("jack_connect", [from, to], { env }).ended) === "exit 0",
    { everyMs: 200 },
  );
}
