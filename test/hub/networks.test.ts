// Addresses and the networks they belong to.

import assert from "node:assert/strict";
import { contains, isPrivate, networkOf, networks } from "../../src/hub/networks.js";

describe("networks", () => {
  it("knows its own: private, link-local, loopback", () => {
    const own = ["10.0.0.1", "127.9.9.9", "169.254.1.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"];
    const own6 = ["::1", "fd12::1", "fc00::", "fe80::1", "fe80::1%eth0", "febf::1"];
    const others = ["9.255.255.255", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.0.1", "100.64.0.1"];
    const others6 = ["::2", "2001:db8::1", "fec0::1", "ff02::1"];
    assert.deepEqual(
      [...own, ...own6, ...others, ...others6].filter((address) => isPrivate(address)),
      [...own, ...own6],
    );
  });

  it("takes what one subscriber holds together", () => {
    assert.equal(networkOf("192.168.7.1"), networkOf("192.168.7.254"));
    assert.notEqual(networkOf("192.168.7.1"), networkOf("192.168.8.1"));
    assert.equal(networkOf("2001:db8:1:2::1"), networkOf("2001:db8:1:2:3:4:5:6"));
    assert.equal(networkOf("2001:db8::1"), networkOf("2001:db8:0:0:9::"));
    assert.notEqual(networkOf("2001:db8:1:2::1"), networkOf("2001:db8:1:3::1"));
    assert.equal(networkOf("::1"), "0:0:0:0");
    assert.equal(networkOf("fe80::1%eth0"), "fe80:0:0:0");
  });

  it("reads lists of networks, and refuses what is none", () => {
    const list = networks(["10.1.0.0/16", "192.0.2.7", "2001:db8::/32"]);
    assert.deepEqual(
      ["10.1.2.3", "10.2.0.1", "192.0.2.7", "192.0.2.8", "2001:db8:9::1", "2001:db9::1"].map((address) =>
        contains(list, address),
      ),
      [true, false, true, false, true, false],
    );
    for (const wrong of ["school", "10.0.0.0/40", "10.0.0.0/x", ""]) assert.throws(() => networks([wrong]));
  });
});
