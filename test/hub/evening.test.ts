// Evenings by chance: clients come, go, chat, mute, vanish and send rubbish; what must hold, holds at every hour.

import assert from "node:assert/strict";
import type { Message } from "../../src/protocol/index.js";
import { vectors } from "../protocol/vectors.js";
import { Random } from "../support/random.js";
import { Rig, type ScriptedClient } from "./rig.js";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const happenings = 800;

/** The names that everybody who still listens must have on its list. */
function checkLists(rig: Rig, clients: readonly ScriptedClient[]): void {
  for (let round = 0; round < 3; round += 1) for (const client of clients) client.attend();
  const names = rig.hub.status().clients.map(({ name }) => name);
  for (const client of clients) {
    if (rig.mixer.slotOf(client.endpoint) === undefined) continue;
    assert.deepEqual(client.company, names, `what ${client.name} sees`);
  }
}

/** Whoever comes into a file was told so last, and nobody is in one while nothing is recorded. */
function watchConsent(rig: Rig, clients: readonly ScriptedClient[]): () => void {
  rig.recorder.include = (slot) => {
    const { endpoint } = clients.find((client) => rig.mixer.slotOf(client.endpoint) === slot)!;
    const told = rig.sentTo(endpoint).findLast(({ message }) => message.kind === "RECORDER_STATE")?.message;
    assert.equal(told?.kind === "RECORDER_STATE" && told.state, 3);
  };
  return () => {
    const { recording, clients: here } = rig.hub.status();
    assert.ok(recording === "on" || here.every(({ recorded }) => !recorded));
  };
}

describe("hub: evenings by chance", () => {
  for (const seed of seeds) {
    it(`number ${seed}`, () => {
      const random = new Random(seed);
      const rig = new Rig({ records: true, settings: { maxClients: 6 } });
      const rubbish = vectors("").map(({ datagram }) => datagram);
      const clients = Array.from({ length: 9 }, (_, i) => rig.client(`Client ${i}`, 23000 + i));
      const checkConsent = watchConsent(rig, clients);
      const isIn = (client: ScriptedClient) => rig.mixer.slotOf(client.endpoint) !== undefined;
      const says = (client: ScriptedClient): Message =>
        random.pick<Message>([
          { kind: "CHAT_TEXT", text: "<&>".repeat(random.below(500)) },
          { kind: "CHANNEL_GAIN", channel: random.below(8), gain: random.pick([0, 0.5, 1, 1.9]) },
          { kind: "CHANNEL_PAN", channel: random.below(8), pan: random.pick([0, 0.5, 1, 1.9]) },
          { kind: "JITT_BUF_SIZE", blocks: 1 + random.below(21) },
          { kind: "REQ_CONN_CLIENTS_LIST" },
          client.profile,
        ]);
      for (let i = 0; i < happenings; i += 1) {
        const client = random.pick(clients);
        switch (random.below(9)) {
          case 0:
          case 1:
            if (!isIn(client)) client.join();
            break;
          case 2:
            if (isIn(client)) client.leave();
            break;
          case 3:
            client.say(says(client));
            break;
          case 4:
            // From its own address: a program gone mad.
            client.raw(mutated(random, random.pick(rubbish)));
            break;
          case 5:
            rig.clock.advance(random.pick([1, 30, 400, 2000]));
            break;
          case 6:
            if (isIn(client)) {
              rig.clock.advance(30_000);
              rig.mixer.silence(rig.mixer.slotOf(client.endpoint)!);
            }
            break;
          case 7:
            rig.hub.record(random.pick(["start", "stop", "toggle", "new"] as const));
            break;
          case 8:
            rig.mixer.arrive({ address: "10.0.0.9", port: random.below(9) + 1 }, random.bytes(45));
            break;
        }
        for (const each of clients) each.attend();
        checkConsent();
      }
      // Rubbish may have renamed somebody; it is all the same to the lists.
      rig.clock.advance(30_000);
      checkLists(rig, clients);
      assert.equal(rig.mixer.slots.length, rig.hub.status().clients.length, "no ghosts");
    });
  }
});

/** One byte of it changed, so that it is a message no more; or all of it as it was. */
function mutated(random: Random, datagram: Uint8Array): Uint8Array {
  const changed = datagram.slice();
  if (random.below(2) === 0) changed[random.below(changed.length)] = random.below(256);
  return changed;
}
