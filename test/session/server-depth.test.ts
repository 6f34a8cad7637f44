// The server's jitter buffer is asked to be a block deeper than it would be by itself, and to say now and then what that is.

import assert from "node:assert/strict";
import type { QueuedMessage } from "../../src/protocol/index.js";
import { Rig } from "./rig.js";

const jamulus = "3.9.1";

describe("the depth asked of a server", () => {
  const asked = (rig: Rig) => rig.sentOf("JITT_BUF_SIZE").map(({ message }) => message.blocks);

  async function connected(version = jamulus, jitter: number | "auto" = "auto"): Promise<Rig> {
    const rig = new Rig({ jitter });
    await rig.connect();
    rig.serverSays({ kind: "VERSION_AND_OS", os: 2, version });
    return rig;
  }

  /** So long without a ping would end the session. */
  const pass = (rig: Rig, ms: number) => {
    for (let left = ms; left > 0; left -= 500) rig.advance(500);
  };

  it("is its own choice first, then a block more; and it is asked anew each ten seconds", async () => {
    const rig = await connected();
    for (const blocks of [6, 3, 2]) rig.serverSays({ kind: "JITT_BUF_SIZE", blocks });
    pass(rig, 9_500);
    assert.deepEqual(asked(rig), []);
    pass(rig, 500);
    assert.deepEqual(asked(rig), [3]);
    pass(rig, 10_000);
    assert.deepEqual(asked(rig), [3, 21]);
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 4 });
    assert.deepEqual(asked(rig), [3, 21, 5]);
    // Said before it had read that: no news.
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 2 });
    pass(rig, 9_500);
    assert.deepEqual(asked(rig), [3, 21, 5]);
    rig.serverSays({ kind: "REQ_JITT_BUF_SIZE" });
    assert.deepEqual(asked(rig), [3, 21, 5, 5]);
  });

  it("is a block more than it last said, where it says nothing any more", async () => {
    const rig = await connected();
    rig.notice("peer.heard");
    const introduced = asked(rig).length;
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 4 });
    pass(rig, 52_000);
    assert.deepEqual(asked(rig).slice(introduced), [5, 21, 5, 21, 5]);
  });

  it("is never more than a server takes", async () => {
    const rig = await connected();
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 20 });
    pass(rig, 10_000);
    assert.deepEqual(asked(rig), [20]);
  });

  it("begins anew with a server that was started anew", async () => {
    const rig = await connected();
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 2 });
    pass(rig, 15_000);
    rig.restartServer();
    rig.serverSays({ kind: "CLIENT_ID", channel: 0 });
    rig.serverSays({ kind: "REQ_JITT_BUF_SIZE" });
    assert.deepEqual(asked(rig), [3, 21]);
    rig.serverSays({ kind: "VERSION_AND_OS", os: 2, version: jamulus });
    rig.serverSays({ kind: "JITT_BUF_SIZE", blocks: 5 });
    pass(rig, 9_500);
    assert.deepEqual(asked(rig), [3, 21]);
    pass(rig, 500);
    assert.deepEqual(asked(rig), [3, 21, 6]);
  });

  const others: [string, string, number | "auto"][] = [
    ["a hub of ours, which finds its own", "3.12.4-plugjam-0.1.0", "auto"],
    ["a server without sequence numbers, where each block is delay", "3.5.3", "auto"],
    ["one whose depth was fixed by the box's owner", jamulus, 5],
  ];
  for (const [what, version, jitter] of others) {
    it(`stays as it is with ${what}`, async () => {
      const rig = await connected(version, jitter);
      const report: QueuedMessage = { kind: "JITT_BUF_SIZE", blocks: 2 };
      rig.serverSays(report);
      pass(rig, 60_000);
      assert.deepEqual(asked(rig), []);
    });
  }
});
