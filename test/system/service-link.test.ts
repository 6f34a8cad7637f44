// What a service manager hears of us, and when it hears nothing any more.

import assert from "node:assert/strict";
import { allBeat } from "../../src/system/service-beat.js";
import { ServiceLink } from "../../src/system/service-link.js";
import { serviceManager } from "../../src/system/service-manager.js";
import { ManualClock } from "../support/manual-clock.js";

describe("the service manager", () => {
  const socket = "/run/systemd/notify";
  const rows: readonly (readonly [string, NodeJS.ProcessEnv, ReturnType<typeof serviceManager>])[] = [
    ["is not there", {}, null],
    ["watches nobody", { NOTIFY_SOCKET: socket }, { socket, watchdogMs: null }],
    ["watches us", { NOTIFY_SOCKET: "@abc", WATCHDOG_USEC: "4000000" }, { socket: "@abc", watchdogMs: 4000 }],
    [
      "watches us by our number",
      { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "500", WATCHDOG_PID: "7" },
      { socket, watchdogMs: 0.5 },
    ],
    [
      "watches another",
      { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "4000000", WATCHDOG_PID: "8" },
      { socket, watchdogMs: null },
    ],
    ["makes no sense", { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "soon" }, { socket, watchdogMs: null }],
    ["lives where we cannot reach it", { NOTIFY_SOCKET: "vsock:2:1" }, null],
  ];
  for (const [what, env, expected] of rows) {
    it(what, () => assert.deepEqual(serviceManager(env, 7), expected));
  }
});

describe("a heartbeat", () => {
  it("is one of all threads", () => {
    assert.equal(allBeat(null, [0]), true);
    assert.equal(allBeat([5, 9], [6, 10]), true);
    assert.equal(allBeat([5, 9], [6, 9]), false);
    assert.equal(allBeat([5, 9], [5, 10]), false);
  });
  it("asks nothing of a thread that is gone, or new", () => {
    assert.equal(allBeat([5, 9], [6]), true);
    assert.equal(allBeat([5], [6, 0]), true);
  });
});

describe("the link to the service manager", () => {
  let clock: ManualClock;
  let told: string[];
  let warnings: string[];
  let turns: number[];
  let status: string;
  let error: string | null;

  beforeEach(() => {
    clock = new ManualClock();
    told = [];
    warnings = [];
    turns = [1];
    status = "idle";
    error = null;
  });

  function link(env: NodeJS.ProcessEnv = { NOTIFY_SOCKET: "@abc", WATCHDOG_USEC: "4000000" }): ServiceLink {
    return new ServiceLink({
      scheduler: clock,
      logger: { warn: (text: string) => warnings.push(text) },
      notify: (socket, text) => {
        told.push(`${socket} ${text}`);
        return error;
      },
      turns: () => [...turns],
      status: () => status,
      env,
      pid: 7,
    });
  }

  /** Half the time that the manager is patient for. */
  function later(): string[] {
    told = [];
    clock.advance(2000);
    return told;
  }

  it("says that we are ready, and twice as often as it must that we are alive", () => {
    link().ready();
    assert.deepEqual(told, ["@abc READY=1\nSTATUS=idle", "@abc WATCHDOG=1"]);
    for (let look = 0; look < 3; look++) {
      turns = [(turns[0] ?? 0) + 1];
      assert.deepEqual(later(), ["@abc WATCHDOG=1"]);
    }
  });

  it("says nothing of a thread that hangs, nor of one beside it", () => {
    turns = [1, 1];
    link().ready();
    turns = [2, 2];
    assert.equal(later().length, 1);
    turns = [3, 2];
    assert.deepEqual(later(), []);
    turns = [4, 3];
    assert.equal(later().length, 1);
  });

  it("says what we are at when that changes, and no more than that", () => {
    const service = link();
    service.changed();
    assert.deepEqual(told, []);
    service.ready();
    told = [];
    service.changed();
    status = "connected, 3 here, recording: no";
    service.changed();
    service.changed();
    assert.deepEqual(told, ["@abc STATUS=connected, 3 here, recording: no"]);
  });

  it("says that we stop, and then nothing", () => {
    const service = link();
    service.ready();
    told = [];
    service.stopping();
    status = "leaving";
    service.changed();
    assert.deepEqual(told, ["@abc STOPPING=1"]);
    assert.equal(clock.pending, 0);
  });

  it("sets no timer where nobody watches, and says nothing where nobody listens", () => {
    link({ NOTIFY_SOCKET: "@abc" }).ready();
    assert.deepEqual(told, ["@abc READY=1\nSTATUS=idle"]);
    told = [];
    const nobody = link({});
    nobody.ready();
    nobody.changed();
    nobody.stopping();
    assert.deepEqual(told, []);
    assert.equal(clock.pending, 0);
  });

  it("warns once of a manager that cannot be told", () => {
    error = "ECONNREFUSED";
    link().ready();
    later();
    assert.deepEqual(warnings, ["the service manager cannot be told that all is well (ECONNREFUSED)"]);
  });
});
