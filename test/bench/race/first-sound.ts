// From a command to the first sample that is not silence: our box pressed, our box started, Jamulus started.

import { TestBox } from "../../support/box.js";
import { startJack } from "../../support/jack.js";
import { sines } from "../../support/test-signal.js";
import { until } from "../../support/until.js";
import { VirtualCard } from "../../support/virtual-card.js";
import { boxConfig, periodFrames, periods, startJamulusOn } from "./contestants.js";
import type { RaceServer } from "./session.js";

export interface FirstSound {
  readonly name: string;
  /** In ms. */
  measure(server: RaceServer): Promise<number>;
}

export const firstSounds: readonly FirstSound[] = [
  {
    name: "Plugjam, CONNECT pressed on a running box",
    measure: (server) =>
      onCard(async (card) => {
        const box = await startBox(server, card, []);
        await box.reaches("on its card", ({ audio }) => audio.state === "running");
        const began = card.currentFrame("playback");
        await box.press("connect");
        return { began, stop: () => box.stop() };
      }),
  },
  {
    name: "Plugjam, process started with connect.on_boot",
    measure: (server) =>
      onCard(async (card) => {
        const began = card.currentFrame("playback");
        const box = await startBox(server, card, ["connect.on_boot=true"]);
        return { began, stop: () => box.stop() };
      }),
  },
  {
    name: "Jamulus, process started with --connect, jackd runs",
    measure: (server) =>
      onCard(async (card) => {
        const jack = await startJack({ card, periodFrames, periods });
        const began = card.currentFrame("playback");
        const client = await startJamulusOn(jack, server);
        const stop = async () => {
          await client.stop();
          await jack.stop();
        };
        return { began, stop };
      }),
  },
];

interface Begun {
  /** Frame of the card at the command. */
  readonly began: number;
  stop(): Promise<unknown>;
}

async function onCard(begin: (card: VirtualCard) => Promise<Begun>): Promise<number> {
  const card = new VirtualCard({ source: sines(440, 660), playbackSeconds: 40 });
  const { began, stop } = await begin(card);
  const first = await until(
    "the first sound",
    () => {
      const frame = card
        .played(began, card.currentFrame("playback"))
        .findIndex((sample) => Math.abs(sample) > 0);
      return frame < 0 ? null : { frame: frame / card.channels };
    },
    { everyMs: 100 },
  );
  await stop();
  card.remove();
  return first.frame / 48;
}

function startBox(server: RaceServer, card: VirtualCard, sets: readonly string[]): Promise<TestBox> {
  const config = boxConfig(server, card, {});
  return TestBox.start({ config, sets, env: card.env });
}
