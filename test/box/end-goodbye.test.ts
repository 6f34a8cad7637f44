// Every way in which a box can end, short of a power cut, leaves no ghost on a real server.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBoxAt } from "../support/box-at.js";
import { type JamulusServer, startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";
import { until } from "../support/until.js";
import { VirtualCard } from "../support/virtual-card.js";

/** A server that hears no goodbye keeps a client for 30 s. */
const goodbyeMs = 2_000;

/** Something that goes wrong in the box's JavaScript upon SIGUSR2. */
function withBug(bug: string): NodeJS.ProcessEnv {
  const script = `process.on("SIGUSR2", () => { ${bug} });`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}

interface Way {
  readonly what: string;
  readonly signal: NodeJS.Signals;
  readonly end: string;
  readonly env?: NodeJS.ProcessEnv;
}

const ways: readonly Way[] = [
  ...(["SIGTERM", "SIGINT", "SIGHUP"] as const).map((signal) => ({ what: signal, signal, end: "exit 0" })),
  ...(["SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT"] as const).map((signal) => ({
    what: `a native crash (${signal})`,
    signal,
    end: signal,
  })),
  {
    what: "an exception that nobody catches",
    signal: "SIGUSR2",
    end: "exit 1",
    env: withBug('throw new Error("a bug")'),
  },
  {
    what: "a promise that fails unheard",
    signal: "SIGUSR2",
    end: "exit 1",
    env: withBug('void Promise.reject(new Error("a bug"))'),
  },
  {
    what: "Node giving itself up",
    signal: "SIGUSR2",
    end: "SIGABRT",
    env: withBug("process.abort()"),
  },
];

describe("a box that ends while it plays", function () {
  this.timeout(60_000);
  let server: JamulusServer;
  let card: VirtualCard;

  before(async () => {
    server = await startJamulusServer();
  });

  beforeEach(() => {
    card = new VirtualCard();
  });

  afterEach(() => card.remove());

  after(stopAllProcesses);

  async function nobodyIsThere(): Promise<void> {
    const empty = async () => (await server.clients()).length === 0;
    await until("the server to be empty", empty, { deadlineMs: goodbyeMs });
  }

  for (const { what, signal, end, env = {} } of ways) {
    it(`says goodbye: ${what}`, async () => {
      const box = await startBoxAt(server, { card, env });
      await box.press("connect");
      await box.plays();
      await server.serves(["Box"]);
      box.process.signal(signal);
      assert.equal(await box.process.ended, end, box.process.describe());
      await nobodyIsThere();
      if (signal === "SIGUSR2" && end === "exit 1") {
        assert.match(box.process.log(), /"level":"fatal".*a bug ends the box/);
      }
    });
  }

  it("says goodbye while it is still joining", async () => {
    const box = await startBoxAt(server, { card });
    await box.press("connect");
    assert.equal(await box.stop(), "exit 0");
    await nobodyIsThere();
  });

  it("ends at once when it is on no server", async () => {
    const box = await startBoxAt(server, { card });
    assert.equal(await box.stop(), "exit 0");
  });

  it("comes back to its server when it is started again", async () => {
    const state = mkdtempSync(join(tmpdir(), "plugjam-state-"));
    const env = { STATE_DIRECTORY: state };
    const box = await startBoxAt(server, { card, env });
    await box.press("connect");
    await box.plays();
    box.process.signal("SIGSEGV");
    await box.process.ended;
    const next = await startBoxAt(server, { card, env });
    await next.plays();
    await server.serves(["Box"]);
    await next.stop();
    rmSync(state, { recursive: true });
  });
});
