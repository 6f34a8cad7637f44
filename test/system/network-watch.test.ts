// When the watch on the network speaks: of each change, and of no network at all.

import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { lookEveryMs, NetworkWatch } from "../../src/system/network-watch.js";
import { ManualClock } from "../support/manual-clock.js";

function address(cidr: string, internal = false): NetworkInterfaceInfo {
  const [address = ""] = cidr.split("/");
  return { address, cidr, internal, netmask: "255.255.255.0", mac: "02:00:00:00:00:01", family: "IPv4" };
}

const lo = { lo: [address("127.0.0.1/8", true)] };
const wired = { ...lo, eth0: [address("192.0.2.7/24")] };
const moved = { ...lo, eth0: [address("198.51.100.7/24")] };

describe("the watch on the network", () => {
  function told(...looks: readonly NodeJS.Dict<NetworkInterfaceInfo[]>[]): string[] {
    const clock = new ManualClock();
    const heard: string[] = [];
    let look = 0;
    const interfaces = () => looks[look++] ?? {};
    const watch = new NetworkWatch({ scheduler: clock, emit: (link) => heard.push(link), interfaces });
    watch.start();
    clock.advance(lookEveryMs * (looks.length - 1));
    watch.stop();
    clock.advance(10 * lookEveryMs);
    assert.equal(look, looks.length);
    return heard;
  }

  it("says nothing while all is well", () => assert.deepEqual(told(wired, wired, wired), []));
  it("says at once that there is none", () => assert.deepEqual(told(lo, lo), ["down"]));
  it("hears the cable come out and go in again", () => {
    assert.deepEqual(told(wired, lo, lo, wired, wired), ["down", "up"]);
  });
  it("hears of another address", () => assert.deepEqual(told(wired, moved, moved), ["up"]));
});
