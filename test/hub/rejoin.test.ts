// A full house that comes back all at once, after a restart of the hub.

import assert from "node:assert/strict";
import { Rig } from "./rig.js";

const roundTripMs = 20;

describe("hub: a full house comes back at once", () => {
  it("has all 150 in within seconds, though each message takes its time, and each knows all", function () {
    this.timeout(60_000);
    const rig = new Rig({ settings: { maxClients: 150 } });
    const clients = Array.from({ length: 150 }, (_, i) => rig.client(`Musician ${i}`, 23000 + i));
    const stillWait = () =>
      clients.filter((client) => client.heardOf("CONN_CLIENTS_LIST").at(-1)?.clients.length !== 150);
    let rounds = 0;
    for (; stillWait().length > 0; rounds += 1) {
      assert.ok(rounds < 500, `${rig.hub.status().clients.length} are in`);
      const count = rig.mixer.sent.length;
      for (const client of clients) client.play(45);
      for (const client of clients) client.attend(count);
      rig.clock.advance(roundTripMs);
    }
    const gone = Object.values(rig.hub.status().counters.clients?.gone ?? {});
    assert.deepEqual(gone, [0, 0, 0, 0, 0]);
    if (process.env.PLUGJAM_FIGURES) console.log(`      after ${(rounds * roundTripMs) / 1000} s`);
  });
});
