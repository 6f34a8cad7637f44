// What a real server answers to whoever asks: its answers come within a millisecond, and none may be missed.

import assert from "node:assert/strict";
import { startBoxAt } from "../support/box-at.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";

const joins = 8;

describe("a box that asks its server before it is known there", function () {
  this.timeout(60_000);

  afterEach(stopAllProcesses);

  for (const policy of ["notify", "refuse"]) {
    it(`hears every answer: ${policy}`, async () => {
      const server = await startJamulusServer();
      const box = await startBoxAt(server, { sets: [`privacy.recording=${policy}`] });
      for (let join = 0; join < joins; join++) {
        await box.press("connect");
        const { connection } = await box.reaches(
          "told",
          (status) => status.connection.heard && status.connection.enquiry !== null,
        );
        assert.equal(connection.enquiry?.version, "3.9.1");
        assert.equal(typeof connection.enquiry.clients, "number");
        await box.press("connect");
        await box.reaches("out", (status) => status.connection.state === "idle");
      }
    });
  }
});
