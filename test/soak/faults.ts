// What a soak does to a box: each fault begins, lasts for a while, and ends; then the box has so long to be back.

import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../src/core/status.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import type { TestNetwork } from "../support/network.js";
import type { Random } from "../support/random.js";
import type { Side, VirtualCard } from "../support/virtual-card.js";

/** What the box stands on, in the hands of the soak. */
export interface Ground {
  readonly card: VirtualCard;
  /** Null where there is no cable to pull. */
  readonly network: TestNetwork | null;
  server: JamulusServer;
}

export interface Fault {
  readonly name: string;
  readonly promisedMs: number;
  /** Resolves when the cause is gone. */
  readonly happen: (ground: Ground, random: Random) => Promise<void>;
}

const cardMs = 2_000;
const serverMs = 5_000;

export function isPlaying({ connection, audio }: Status): boolean {
  return connection.state === "connected" && connection.heard && audio.state === "running";
}

export const serverArgs = ["--numchannels", "2"];

function someSides(random: Random): readonly Side[] {
  return random.pick([["capture", "playback"], ["capture"], ["playback"]] as const);
}

/** Seconds, more often few than many. */
const awhile = (random: Random, mostMs: number) => sleep(200 + random.next() ** 2 * mostMs);

export const faults: readonly Fault[] = [
  {
    name: "card pulled out",
    promisedMs: cardMs,
    async happen({ card }, random) {
      const sides = someSides(random);
      card.pullOut(sides);
      await awhile(random, 6_000);
      card.plugIn(sides);
    },
  },
  {
    name: "card asleep",
    promisedMs: cardMs,
    async happen({ card }, random) {
      const sides = someSides(random);
      card.setSuspended(true, sides);
      await awhile(random, 6_000);
      card.setSuspended(false, sides);
    },
  },
  {
    name: "card stands still",
    promisedMs: cardMs,
    async happen({ card }, random) {
      const sides = someSides(random);
      card.stopClock(sides);
      await awhile(random, 3_000);
      card.startClock(sides);
    },
  },
  {
    name: "storm of xruns",
    promisedMs: cardMs,
    async happen({ card }, random) {
      for (let xruns = 5 + random.below(100); xruns > 0; xruns--) {
        card.jump(4_800);
        await sleep(random.below(20));
      }
    },
  },
  {
    name: "server killed",
    promisedMs: serverMs,
    async happen(ground, random) {
      const { port } = ground.server;
      await ground.server.kill();
      // In half a minute the box gives the session up.
      if (random.below(4) === 0) await sleep(32_000);
      await awhile(random, 10_000);
      ground.server = await startJamulusServer({ port, fastUpdate: true, args: serverArgs });
    },
  },
  {
    name: "server frozen",
    promisedMs: serverMs,
    async happen({ server }, random) {
      server.process.signal("SIGSTOP");
      await awhile(random, 6_000);
      server.process.signal("SIGCONT");
    },
  },
  {
    name: "cable pulled",
    promisedMs: serverMs,
    async happen({ network }, random) {
      network?.cableOut();
      await awhile(random, 10_000);
      network?.cableIn();
    },
  },
];
